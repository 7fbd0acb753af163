metadata description = 'One storage account of the token tables: sealed sessions and MSAL caches, one entity an account. The identity of the app alone reads it.'

import { hardened } from 'storage-hardening.bicep'

@description('Name of the storage account. Accounts are shared out by it, so that it must not change (docs/scale.md).')
param name string

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags object

@description('Redundancy. With GRS and GZRS a failover brings back what was deleted shortly before it: sessionsNotBefore then has to be raised (docs/scale.md).')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param redundancy string

@description('Whether it is reached by private endpoints alone.')
param privateNetwork bool

@description('Object id of the identity of the application.')
param identityPrincipalId string

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Which requests are logged beside the metrics.')
param logCategories ('StorageRead' | 'StorageWrite' | 'StorageDelete')[]

var storageTableDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
)

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: union(hardened, {
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: privateNetwork ? 'Deny' : 'Allow'
    }
  })
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2025-01-01' = {
  parent: account
  name: 'default'
}

resource readsAndWritesTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, identityPrincipalId, storageTableDataContributor)
  scope: account
  properties: {
    // Why: sign-ins, calls, refreshes, sign-outs and the sweep read and write `accounts`, `sids` and `expiries`. The whole
    // account and not the three tables, because the app makes them itself, again too after they were deleted. Nobody else has
    // a data role here, the deployer neither.
    description: 'Sessions and token caches are kept here, and deleted at sign-out.'
    roleDefinitionId: storageTableDataContributor
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Metrics say how many requests were throttled or failed, and carry no key. The logs of requests carry the whole URI, with the
// partition key: ids of people's accounts; and there is a line for every API call. So none is logged unless asked for.
resource tableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: tables
  properties: {
    workspaceId: workspaceId
    logs: [
      for category in logCategories: {
        category: category
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the storage account.')
output id string = account.id

@description('Where the tables are: its host is what accounts are shared out by.')
output endpoint string = 'https://${account.name}.table.${environment().suffixes.storage}'
