metadata description = 'The storage account of the Functions host: the packages of the app, the host\'s own state, and the queue of interrupted sign-outs. No token lies here.'

import { hardened } from 'storage-hardening.bicep'

@description('Name of the storage account.')
param name string

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags object

@description('Redundancy. The queue holds sign-outs that storage interrupted: with LRS they wait in one zone.')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param redundancy string

@description('Whether it is reached by private endpoints alone.')
param privateNetwork bool

@description('Object id of the identity of the application.')
param identityPrincipalId string

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

var storageBlobDataOwner = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
)
var storageQueueDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
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

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    // A package that was overwritten or deleted can be had back for a week.
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: 'packages'
  properties: {
    publicAccess: 'None'
  }
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2025-01-01' = {
  parent: account
  name: 'default'
}

resource readsAndWritesBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, identityPrincipalId, storageBlobDataOwner)
  scope: account
  properties: {
    // Why: the host keeps its leases, timer schedules and keys in containers that it makes itself (`azure-webjobs-*`), and
    // Microsoft documents this role for AzureWebJobsStorage; the same identity reads the package from `packages`. The whole
    // account, because the host's containers do not stand yet; nothing but the host's is in it.
    description: 'The Functions host keeps its leases, schedules and keys here, and reads the app\'s package.'
    roleDefinitionId: storageBlobDataOwner
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource usesQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, identityPrincipalId, storageQueueDataContributor)
  scope: account
  properties: {
    // Why: the app makes `signout-retry` where it is missing and puts sign-outs into it that storage interrupted (G3); the
    // host brings them back from there, and puts what nobody can read into `signout-retry-poison`. There are no other queues.
    description: 'Sign-outs that storage interrupted wait in a queue here, and are finished from it.'
    roleDefinitionId: storageQueueDataContributor
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Who changes what is in `packages` changes the code that runs: that is written down. Reads are left out, since the host
// reads and renews its leases all the time; contents are never logged.
resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: blobs
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
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

// A message in the queue ends an account: who puts one there is written down.
resource queueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: queues
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
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

@description('Where the blobs are, with a slash at the end.')
output blobEndpoint string = 'https://${account.name}.blob.${environment().suffixes.storage}/'

@description('Where the queues are, with a slash at the end.')
output queueEndpoint string = 'https://${account.name}.queue.${environment().suffixes.storage}/'

@description('Where the packages of the app are.')
output packagesUrl string = 'https://${account.name}.blob.${environment().suffixes.storage}/${packages.name}'
