extension microsoftGraphV1

metadata description = 'The API of the operators at Entra ID: a registration of its own, so that no token of the sign-in is one for its audience.'

@description('Its alternate key in the directory: a deployment finds it again by this.')
param uniqueName string

@description('What it is called in the directory.')
param displayName string

// Constant for this registration, as the directory wants it: a new one would be another role.
var operatorRoleId = guid(uniqueName, 'Exeunt.Operator')
var actScopeId = guid(uniqueName, 'act')
var azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'

resource application 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  signInAudience: 'AzureADMyOrg'
  // `api://{client id}` is not known before the application stands; with the tenant's id in front any name is allowed.
  identifierUris: ['api://${tenant().tenantId}/${uniqueName}']
  appRoles: [
    {
      id: operatorRoleId
      value: 'Exeunt.Operator'
      displayName: 'Operator'
      description: 'May look at an account and end all of its sessions.'
      allowedMemberTypes: ['User', 'Application']
      isEnabled: true
    }
  ]
  api: {
    // Of version 1 tokens the issuer is another one, and they are refused.
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: [
      {
        id: actScopeId
        value: 'act'
        type: 'Admin'
        adminConsentDisplayName: 'Act as an operator'
        adminConsentDescription: 'Look at accounts and end them, as far as the person has the role for it.'
        isEnabled: true
      }
    ]
    // So that `az account get-access-token` gets one.
    preAuthorizedApplications: [
      {
        appId: azureCli
        delegatedPermissionIds: [actScopeId]
      }
    ]
  }
}

resource servicePrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: application.appId
  // No role, no token at all.
  appRoleAssignmentRequired: true
}

@description('The `aud` of operators\' tokens: a version 2 token names the client id.')
output audience string = application.appId

@description('For `az account get-access-token --scope`.')
output scope string = 'api://${tenant().tenantId}/${uniqueName}/.default'
