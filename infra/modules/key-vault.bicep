metadata description = 'The vault of this application alone: the session keys, and the client certificate or secret where one is used. No secret is made, read or passed on by the template.'

@description('Name of the vault.')
param name string

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags object

@description('`recover` where a vault of this name was deleted within the last 90 days: purge protection keeps the name, and the keys.')
@allowed(['default', 'recover'])
param createMode string

@description('Whether it is reached by private endpoints, and from `allowedAddresses`, alone.')
param privateNetwork bool

@description('IPv4 addresses or ranges that reach it all the same: from where session keys are made and rotated.')
param allowedAddresses string[]

@description('Object id of the identity of the application.')
param identityPrincipalId string

@description('Object id of whoever makes and rotates the session keys; empty for nobody.')
param deployerPrincipalId string

@description('What that is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param deployerPrincipalType string

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

var keyVaultSecretsUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '4633458b-17de-408a-b874-0445c86b69e6'
)
var keyVaultSecretsOfficer = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
)

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    createMode: createMode
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // Whoever deletes the keys signs everyone out; nobody can do it for good within 90 days.
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: privateNetwork && empty(allowedAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: privateNetwork ? 'Deny' : 'Allow'
      ipRules: [
        for address in allowedAddresses: {
          value: address
        }
      ]
    }
  }
}

resource readsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identityPrincipalId, keyVaultSecretsUser)
  scope: vault
  properties: {
    // Why: the platform resolves the settings that are Key Vault references as this identity. The vault and not one secret,
    // because the secret does not stand yet when the role is granted (it is made by a hook, outside of every template); the
    // vault holds nothing that the app does not need. It may read, and change nothing.
    description: 'Settings of the app are references to secrets in this vault, its session keys first of all.'
    roleDefinitionId: keyVaultSecretsUser
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource writesSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  name: guid(vault.id, deployerPrincipalId, keyVaultSecretsOfficer)
  scope: vault
  properties: {
    // Why: whoever deploys makes the session keys once and rotates them (`npm run keys`). Take it away in between where
    // that is rare: without it nobody but the app reads a session key.
    description: 'Makes and rotates the session keys, by a hook of the deployment.'
    roleDefinitionId: keyVaultSecretsOfficer
    principalId: deployerPrincipalId
    principalType: deployerPrincipalType
  }
}

// Who read, wrote or deleted a secret, by name; no value is ever in it.
resource vaultLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the vault.')
output id string = vault.id

@description('Name of the vault.')
output name string = vault.name

@description('Where the vault is, with a slash at the end.')
output uri string = 'https://${vault.name}${environment().suffixes.keyvaultDns}/'
