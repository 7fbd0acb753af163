metadata description = 'The one identity of the application: what it may do anywhere is a role assignment to it.'

@description('Name of the identity.')
param name string

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags object

// User-assigned, so that it stands before the function app does: its roles are granted, and the registration trusts it,
// before the first instance starts. The app has no system-assigned identity beside it.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id.')
output id string = identity.id

@description('Client id: what the application names when it asks for a token.')
output clientId string = identity.properties.clientId

@description('Object id of the service principal: what roles are granted to, and the `sub` of its tokens.')
output principalId string = identity.properties.principalId
