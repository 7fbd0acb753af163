extension microsoftGraphV1

metadata description = 'The application at Entra ID, which trusts the managed identity: neither a secret nor a certificate.'

@export()
@description('What the application may ask for at one API. The ids are those of the API\'s permissions, not their names.')
type ApiPermission = {
  @description('Client id (appId) of the API.')
  api: string

  @description('Ids of delegated permissions (scopes).')
  delegated: string[]?

  @description('Ids of application permissions (app roles); an administrator has to consent to them.')
  application: string[]?
}

@export()
@description('What the OpenID provider has to know of this application.')
type Registration = {
  @description('Where it sends people back to: after sign-in, and after sign-out.')
  redirectUris: string[]

  @description('What it calls when somebody signs out in another application.')
  frontChannelLogoutUrl: string

  @description('Claims of the ID token that are not in it by themselves.')
  optionalIdTokenClaims: string[]

  @description('Whose tokens are believed as the client credential, where that is the managed identity.')
  federatedCredential: {
    issuer: string
    subject: string
    audience: string
  }
}

@description('The application\'s alternate key in the directory: a deployment finds it again by this.')
param uniqueName string

@description('What people read when they consent.')
param displayName string

@description('Whose people may sign in.')
@allowed(['AzureADMyOrg', 'AzureADMultipleOrgs'])
param signInAudience string

@description('What the OpenID provider has to know.')
param registration Registration

@description('Whether the managed identity is its credential.')
param trustsManagedIdentity bool

@description('What it may ask for at APIs.')
param apiPermissions ApiPermission[]

resource application 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  signInAudience: signInAudience
  isFallbackPublicClient: false
  web: {
    redirectUris: registration.redirectUris
    logoutUrl: registration.frontChannelLogoutUrl
    // Tokens come by the code flow alone.
    implicitGrantSettings: {
      enableAccessTokenIssuance: false
      enableIdTokenIssuance: false
    }
  }
  optionalClaims: {
    idToken: map(registration.optionalIdTokenClaims, name => { name: name, essential: false })
  }
  requiredResourceAccess: [
    for permission in apiPermissions: {
      resourceAppId: permission.api
      resourceAccess: concat(
        map(permission.?delegated ?? [], id => { id: id, type: 'Scope' }),
        map(permission.?application ?? [], id => { id: id, type: 'Role' })
      )
    }
  ]

  // The identity's token for the audience is the client assertion. Wrong values are found at the exchange, not here.
  // Of child resources the extension takes the whole name.
  resource trust 'federatedIdentityCredentials@v1.0' = if (trustsManagedIdentity) {
    name: '${application.uniqueName}/managed-identity'
    description: 'The managed identity of the function app.'
    issuer: registration.federatedCredential.issuer
    subject: registration.federatedCredential.subject
    audiences: [registration.federatedCredential.audience]
  }
}

// Without it nobody of this tenant can sign in.
resource servicePrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: application.appId
}

@description('Client id (appId).')
output clientId string = application.appId
