targetScope = 'resourceGroup'

metadata name = 'Exeunt'
metadata description = 'A backend-for-frontend on Azure Functions: the browser holds one opaque cookie, and a sign-out anywhere deletes the tokens. No secret is in this template, its parameters, its outputs or a plain setting.'

import { ApiPermission, Registration } from 'modules/app-registration.bicep'
import { ClientCredential, OptionalSettings, SecretSetting } from 'modules/app-settings.bicep'

// ---------------------------------------------------------------------------------------------------------- What it is called

@description('Name of this environment, such as `prod`. Several can be in one resource group.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Azure region; as the resource group, unless set.')
param location string = resourceGroup().location

@description('What people read on the built-in page, and when they consent.')
@minLength(1)
@maxLength(64)
param applicationName string = 'Exeunt'

@description('Host name of this application, such as `app.contoso.com`, once it leads here; empty for the one that the function app has by itself.')
param customDomain string = ''

// ---------------------------------------------------------------------------------------------------------- Who deploys

@description('Object id of whoever deploys: may write the session keys into the vault, and has no other right to data. Empty for nobody.')
param principalId string = ''

@description('What that is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param principalType string = 'User'

// ---------------------------------------------------------------------------------------------------------- The OpenID provider

@description('The OpenID provider (AUTH_AUTHORITY); empty for the tenant of this subscription, in its cloud.')
param authority string = ''

@description('Client id of an application that is registered already; empty to have it registered here, for which one needs the rights in the directory. The output REGISTRATION says what to set there by hand.')
param existingClientId string = ''

@description('How the application proves itself. `managed-identity` within this tenant; External ID and other providers want a certificate or a secret, which lies in the vault.')
param clientCredential ClientCredential = 'managed-identity'

@description('Whose people may sign in, for the application registered here. With several tenants `authority` ends with `organizations`, and AUTH_TENANTS names them.')
@allowed(['AzureADMyOrg', 'AzureADMultipleOrgs'])
param signInAudience string = 'AzureADMyOrg'

@description('What the application registered here may ask for at APIs. Unless set: sign-in, and User.Read at Microsoft Graph.')
param apiPermissions ApiPermission[] = [
  {
    api: '00000003-0000-0000-c000-000000000000'
    delegated: [
      '37f7f235-527c-4136-accd-4a02d197296e' // openid
      '14dad69e-099b-42c9-810b-d002981feec1' // profile
      '7427e0e9-2fba-42fe-b0c0-848c9e6a8182' // offline_access
      'e1fe6dd8-ba31-4d61-89e7-88639da4683d' // User.Read
    ]
  }
]

@description('Whether operators may end accounts: registers an API of their own with the role Exeunt.Operator, and opens their door.')
param operatorDoor bool = false

@description('With operatorDoor: client id of an API of theirs that is registered already; empty to have it registered here.')
param existingOperatorAudience string = ''

// ---------------------------------------------------------------------------------------------------------- What it does

@description('The APIs behind `/api/{name}` (DOWNSTREAM_APIS, docs/apis.md). Unless set: within this tenant `GET /me` of Microsoft Graph, as `/api/graph/me`; else none.')
param downstreamApis object?

@description('The settings that may be left out, by name.')
param settings OptionalSettings = {}

@description('Which of the optional settings are secrets; put each into the vault, under its name in lower case with dashes.')
param secretSettings SecretSetting[] = []

@description('Resource ids of further user-assigned identities, such as the one that DIRECTORY_MANAGED_IDENTITY_CLIENT_ID names in `settings`. Nothing here is granted to them.')
param furtherIdentityIds string[] = []

@description('After a failover that brought deleted sessions back: an instant such as `2026-11-29T12:00:00Z`, before which no session counts. Empty for none.')
param sessionsNotBefore string = ''

// ---------------------------------------------------------------------------------------------------------- How it is kept

@description('How many storage accounts share the accounts out. Change it as docs/scale.md says (Moving), never by itself.')
@minValue(1)
@maxValue(99)
param tablesAccountCount int = 1

@description('While moving: how many there are in the other list; 0 when not.')
@minValue(0)
@maxValue(99)
param tablesAccountCountMoving int = 0

@description('Redundancy of the token tables. Zones, and no other region: replication to one is behind, so that a failover brings back sessions that were signed out. With Standard_GRS or Standard_GZRS raise sessionsNotBefore after each failover. Standard_LRS where a region has no zones.')
@allowed(['Standard_ZRS', 'Standard_LRS', 'Standard_GRS', 'Standard_GZRS'])
param tablesRedundancy string = 'Standard_ZRS'

@description('Which requests to the token tables are logged. Each line has the id of a person\'s account in its URI, and StorageRead has one for every API call: for an investigation, not for ever.')
param tablesLogCategories ('StorageRead' | 'StorageWrite' | 'StorageDelete')[] = []

@description('Redundancy of the host\'s storage, where sign-outs wait that storage interrupted. Standard_LRS where a region has no zones.')
@allowed(['Standard_ZRS', 'Standard_LRS'])
param hostStorageRedundancy string = 'Standard_ZRS'

@description('`recover` to have back a vault, with its keys, that was deleted within the last 90 days.')
@allowed(['default', 'recover'])
param vaultCreateMode string = 'default'

// ---------------------------------------------------------------------------------------------------------- How it runs

@description('Instances for HTTP that are always there, so that the front-channel iframe, which waits for nobody, never meets a cold start. They cost by the hour.')
@minValue(0)
@maxValue(100)
param alwaysReadyInstances int = 0

@description('Memory of an instance, in MB; its CPU goes with it.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('How many instances there may be: the limit of what a flood can cost.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('HTTP requests at once on one instance. A call that waits for its API takes next to no CPU (docs/scale.md).')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 16

@description('Whether instances are spread over zones; the platform then keeps two instances of each kind ready, and bills them.')
param zoneRedundant bool = false

@description('Whether the default host name has a part that nobody else can have. Not where the cloud does not know it. Cannot be changed later.')
param uniqueHostName bool = true

@description('Whether storage and vault are reached by private endpoints alone, and the app leaves by a virtual network.')
param privateNetwork bool = false

@description('With privateNetwork: IPv4 addresses from which the session keys are made and rotated. Empty: from within the network alone.')
param keyVaultAllowedAddresses string[] = []

// ---------------------------------------------------------------------------------------------------------- Who watches it

@description('How long logs are kept, in days.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Past so many GB a day no more logs are taken in until the hour at which the workspace begins its day, and alerts on them are silent, but for one that says so; -1 for no limit.')
@minValue(-1)
param logDailyCapGb int = 5

@description('Whether the host\'s records of requests are cut down before they are stored: without the calls that went well, which are most of what logs cost (docs/cost.md), and without queries, addresses of browsers and ids of accounts.')
param filterRequestRecords bool = false

@description('An address that is told of alerts; empty for none, and they show in the portal alone.')
param alertEmail string = ''

@description('Resource ids of action groups that are there already and are told of alerts too.')
param actionGroupIds string[] = []

// ---------------------------------------------------------------------------------------------------------- Names and constants

// Every name has a limit of its own (24 characters for a vault and a storage account); this one is 13 characters, whatever the
// environment is called. Which environment it is, the tag says.
var token = uniqueString(resourceGroup().id, environmentName)
var tags = { 'azd-env-name': environmentName }

// Accounts are shared out by these names (docs/scale.md): a name never changes, and one more moves no other.
var tablesAccountNames = [
  for index in range(0, max(tablesAccountCount, tablesAccountCountMoving)): index == 0
    ? 'sttables${token}'
    : 'sttables${token}${index}'
]

// What `environment()` does not know of each cloud.
var clouds = {
  AzureCloud: {
    tokenExchangeAudience: 'api://AzureADTokenExchange'
    graph: 'https://graph.microsoft.com/v1.0'
  }
  AzureUSGovernment: {
    tokenExchangeAudience: 'api://AzureADTokenExchangeUSGov'
    graph: 'https://graph.microsoft.us/v1.0'
  }
  AzureChinaCloud: {
    tokenExchangeAudience: 'api://AzureADTokenExchangeChina'
    graph: 'https://microsoftgraph.chinacloudapi.cn/v1.0'
  }
}
var cloud = clouds[environment().name]

// In China `environment()` has the endpoint of version 1; tokens of version 2 come from the other (docs/providers.md).
var loginEndpoint = replace(
  environment().authentication.loginEndpoint,
  'login.chinacloudapi.cn',
  'login.partner.microsoftonline.cn'
)
var tenantAuthority = '${loginEndpoint}${tenant().tenantId}'

// Something for the built-in page to call, and no more than that.
var graphMe = {
  graph: {
    baseUrl: cloud.graph
    scopes: ['User.Read']
    allow: ['GET /me']
  }
}

// ---------------------------------------------------------------------------------------------------------- The architecture

module identity 'modules/identity.bicep' = {
  name: 'identity-${token}'
  params: {
    name: 'id-${token}'
    location: location
    tags: tags
  }
}

module observability 'modules/observability.bicep' = {
  name: 'observability-${token}'
  params: {
    workspaceName: 'log-${token}'
    applicationInsightsName: 'appi-${token}'
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
    filterRequestRecords: filterRequestRecords
    identityPrincipalId: identity.outputs.principalId
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  name: 'host-storage-${token}'
  params: {
    name: 'sthost${token}'
    location: location
    tags: tags
    redundancy: hostStorageRedundancy
    privateNetwork: privateNetwork
    identityPrincipalId: identity.outputs.principalId
    workspaceId: observability.outputs.workspaceId
  }
}

module tokenTables 'modules/token-tables.bicep' = [
  for (name, index) in tablesAccountNames: {
    name: 'token-tables-${token}-${index}'
    params: {
      name: name
      location: location
      tags: tags
      redundancy: tablesRedundancy
      privateNetwork: privateNetwork
      identityPrincipalId: identity.outputs.principalId
      workspaceId: observability.outputs.workspaceId
      logCategories: tablesLogCategories
    }
  }
]

module keyVault 'modules/key-vault.bicep' = {
  name: 'key-vault-${token}'
  params: {
    name: 'kv-${token}'
    location: location
    tags: tags
    createMode: vaultCreateMode
    privateNetwork: privateNetwork
    allowedAddresses: keyVaultAllowedAddresses
    identityPrincipalId: identity.outputs.principalId
    deployerPrincipalId: principalId
    deployerPrincipalType: principalType
    workspaceId: observability.outputs.workspaceId
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'network-${token}'
  params: {
    name: 'vnet-${token}'
    location: location
    tags: tags
    hostStorageId: hostStorage.outputs.id
    tokenTablesIds: [for index in range(0, length(tablesAccountNames)): tokenTables[index].outputs.id]
    keyVaultId: keyVault.outputs.id
  }
}

module functionApp 'modules/function-app.bicep' = {
  name: 'function-app-${token}'
  params: {
    name: 'func-${token}'
    planName: 'plan-${token}'
    location: location
    tags: tags
    serviceName: 'api'
    identityId: identity.outputs.id
    furtherIdentityIds: furtherIdentityIds
    packagesUrl: hostStorage.outputs.packagesUrl
    subnetId: privateNetwork ? network!.outputs.appSubnetId : null
    uniqueHostName: uniqueHostName
    zoneRedundant: zoneRedundant
    alwaysReadyInstances: alwaysReadyInstances
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    httpConcurrency: httpConcurrency
    workspaceId: observability.outputs.workspaceId
  }
}

// The app's host name is known once it stands; the registration needs it; the settings need both. So in this order, and the
// settings are not part of the app.
var origin = 'https://${empty(customDomain) ? functionApp.outputs.defaultHostName : customDomain}'
var registration = {
  redirectUris: ['${origin}/auth/callback', '${origin}/auth/signed-out']
  frontChannelLogoutUrl: '${origin}/auth/signout-callback'
  // By `sid` a sign-out elsewhere finds the session, by `login_hint` ours asks nobody who leaves; `acrs` and `auth_time` tell
  // what a step-up proved.
  optionalIdTokenClaims: ['sid', 'login_hint', 'acrs', 'auth_time']
  federatedCredential: {
    issuer: '${tenantAuthority}/v2.0'
    subject: identity.outputs.principalId
    audience: cloud.tokenExchangeAudience
  }
}

module appRegistration 'modules/app-registration.bicep' = if (empty(existingClientId)) {
  name: 'app-registration-${token}'
  params: {
    uniqueName: 'exeunt-${token}'
    displayName: applicationName
    signInAudience: signInAudience
    registration: registration
    trustsManagedIdentity: clientCredential == 'managed-identity'
    apiPermissions: apiPermissions
  }
}
var clientId = empty(existingClientId) ? appRegistration!.outputs.clientId : existingClientId

module operators 'modules/operators.bicep' = if (operatorDoor && empty(existingOperatorAudience)) {
  name: 'operators-${token}'
  params: {
    uniqueName: 'exeunt-operators-${token}'
    displayName: '${applicationName} operators'
  }
}
var operatorAudience = operatorDoor && empty(existingOperatorAudience)
  ? operators!.outputs.audience
  : (operatorDoor ? existingOperatorAudience : '')

module appSettings 'modules/app-settings.bicep' = {
  name: 'app-settings-${token}'
  params: {
    appName: functionApp.outputs.name
    origin: origin
    applicationName: applicationName
    authority: empty(authority) ? tenantAuthority : authority
    clientId: clientId
    clientCredential: clientCredential
    identityClientId: identity.outputs.clientId
    tablesEndpoints: [for index in range(0, tablesAccountCount): tokenTables[index].outputs.endpoint]
    tablesEndpointsMoving: [for index in range(0, tablesAccountCountMoving): tokenTables[index].outputs.endpoint]
    hostBlobEndpoint: hostStorage.outputs.blobEndpoint
    hostQueueEndpoint: hostStorage.outputs.queueEndpoint
    vaultUri: keyVault.outputs.uri
    applicationInsightsConnectionString: observability.outputs.applicationInsightsConnectionString
    downstreamApis: downstreamApis ?? (empty(authority) ? graphMe : {})
    operatorAudience: operatorAudience
    sessionsNotBefore: sessionsNotBefore
    optional: settings
    secretSettings: secretSettings
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts-${token}'
  params: {
    name: 'exeunt-${token}'
    location: location
    tags: tags
    workspaceId: observability.outputs.workspaceId
    applicationInsightsId: observability.outputs.applicationInsightsId
    tablesAccountIds: [for index in range(0, length(tablesAccountNames)): tokenTables[index].outputs.id]
    email: alertEmail
    actionGroupIds: actionGroupIds
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook-${token}'
  params: {
    location: location
    tags: tags
    applicationInsightsId: observability.outputs.applicationInsightsId
    tablesAccountIds: [for index in range(0, length(tablesAccountNames)): tokenTables[index].outputs.id]
  }
}

// ---------------------------------------------------------------------------------------------------------- What comes of it

@description('Where the application is.')
output PUBLIC_ORIGIN string = origin

@description('Name of the function app.')
output AZURE_FUNCTION_APP_NAME string = functionApp.outputs.name

@description('Resource id of the function app.')
output AZURE_FUNCTION_APP_ID string = functionApp.outputs.id

@description('Name of the vault into which the session keys are put.')
output AZURE_KEY_VAULT_NAME string = keyVault.outputs.name

@description('Where that vault is.')
output AZURE_KEY_VAULT_URI string = keyVault.outputs.uri

@description('Table endpoints of the storage accounts that share the accounts out.')
output TABLES_ENDPOINTS string[] = [for index in range(0, tablesAccountCount): tokenTables[index].outputs.endpoint]

@description('The application at the OpenID provider.')
output AUTH_CLIENT_ID string = clientId

@description('What is registered there, or, with `existingClientId`, what to set there by hand.')
output REGISTRATION Registration = registration

@description('The `aud` of operators\' tokens; empty: their door is closed.')
output OPERATOR_AUDIENCE string = operatorAudience

@description('For `az account get-access-token --scope`, as an operator; empty where their API is not registered here.')
output OPERATOR_SCOPE string = operatorDoor && empty(existingOperatorAudience) ? operators!.outputs.scope : ''
