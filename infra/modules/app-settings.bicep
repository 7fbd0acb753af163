metadata description = 'Every setting of the function app, in one map: a deployment takes away what is not in it. Secrets are references to the vault, by name and without a version.'

@export()
@description('The settings that may be left out, by their own names (README, Settings). Left out they are not set, and the app has its default. Sealed: a name that is mistyped, or of a setting that there is not, is an error before anything is deployed.')
@sealed()
type OptionalSettings = {
  @description('Where the discovery document of the OpenID provider is read when it is not under the authority.')
  AUTH_METADATA_URL: string?

  @description('Which dialect the OpenID provider speaks.')
  AUTH_PROTOCOL: ('entra' | 'oidc')?

  @description('Scopes asked for at sign-in beyond `openid profile offline_access`.')
  AUTH_SCOPES: string?

  @description('How the authorization code comes back.')
  AUTH_RESPONSE_MODE: ('query' | 'form_post')?

  @description('Whether sign-in requests are pushed (RFC 9126).')
  AUTH_PAR: ('auto' | 'off')?

  @description('How far a revocation reaches (RFC 7009).')
  AUTH_REVOCATION: ('token' | 'session' | 'account' | 'off')?

  @description('Ids of the tenants let in.')
  AUTH_TENANTS: string?

  @description('Algorithms by which what is believed may be signed.')
  AUTH_SIGNING_ALGORITHMS: string?

  @description('A session ends when it was not used for so long.')
  SESSION_IDLE_MINUTES: string?

  @description('A session ends so long after its sign-in.')
  SESSION_ABSOLUTE_MINUTES: string?

  @description('A session in use is confirmed at least this often.')
  SESSION_REVALIDATE_MINUTES: string?

  @description('What a sign-out ends.')
  SIGNOUT_SCOPE: ('account' | 'session')?

  @description('What a sign-out ends that the OpenID provider tells of.')
  SIGNOUT_SCOPE_REMOTE: ('account' | 'session')?

  @description('How the OpenID provider is told who leaves.')
  SIGNOUT_HINT: ('login_hint' | 'id_token')?

  @description('Whether `/` serves the built-in page.')
  HOME_PAGE: ('on' | 'off')?

  @description('Which part of the application this function app runs.')
  APPLICATION_PART: ('all' | 'web' | 'directory')?

  @description('Other origins of the same site whose pages may call.')
  SIBLING_ORIGINS: string?

  @description('What a logout token may lack.')
  BACKCHANNEL_MAY_LACK: string?

  @description('The one tenant whose operators are believed, with operatorDoor; required where the authority is many tenants.')
  OPERATOR_TENANT: string?

  @description('The tenant whose directory tells of users: opens the door of the directory.')
  DIRECTORY_TENANT: string?

  @description('Where Microsoft Graph is.')
  DIRECTORY_GRAPH_URL: string?

  @description('The identity that may read users at Microsoft Graph; name its resource id in furtherIdentityIds too.')
  DIRECTORY_MANAGED_IDENTITY_CLIENT_ID: string?

  @description('The transmitter of security events: opens their door.')
  SECURITY_EVENTS_ISSUER: string?

  @description('The `aud` of its tokens.')
  SECURITY_EVENTS_AUDIENCE: string?

  @description('Where its keys are.')
  SECURITY_EVENTS_JWKS_URL: string?

  @description('The subject formats that are believed.')
  SECURITY_EVENTS_SUBJECTS: string?

  @description('Past 100 MB of a request body, read by the Functions host (docs/apis.md).')
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: string?

  @description('A collector to which telemetry goes too (docs/telemetry.md).')
  OTEL_EXPORTER_OTLP_ENDPOINT: string?

  @description('The same for metrics alone.')
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: string?

  @description('The same for spans alone.')
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: string?

  @description('Read by the Functions host: `http/protobuf`, so that one endpoint serves it and the app.')
  OTEL_EXPORTER_OTLP_PROTOCOL: string?

  @description('Who sends; otherwise the name of the function app.')
  OTEL_SERVICE_NAME: string?

  @description('More of who sends.')
  OTEL_RESOURCE_ATTRIBUTES: string?

  @description('Milliseconds between two exports of metrics.')
  OTEL_METRIC_EXPORT_INTERVAL: string?

  @description('Which traces are drawn.')
  OTEL_TRACES_SAMPLER: string?

  @description('Its argument.')
  OTEL_TRACES_SAMPLER_ARG: string?

  @description('Says on the console what the SDK has to say.')
  OTEL_LOG_LEVEL: string?

  @description('`true`: no telemetry.')
  OTEL_SDK_DISABLED: ('true' | 'false')?
}

@export()
@description('Optional settings whose value is a secret. It lies in the vault, under the setting\'s name in lower case with dashes.')
type SecretSetting = 'SECURITY_EVENTS_AUTHORIZATION' | 'TRUSTED_PROXY'

@export()
@description('How the application proves itself at the token endpoint. The certificate (PEM: key and chain) and the secret lie in the vault, as `auth-client-certificate` and `auth-client-secret`.')
type ClientCredential = 'managed-identity' | 'certificate' | 'secret'

@description('Name of the function app.')
param appName string

@description('The application\'s own origin.')
param origin string

@description('What the built-in page calls it.')
param applicationName string

@description('The OpenID provider.')
param authority string

@description('Client id there.')
param clientId string

@description('How it proves itself there.')
param clientCredential ClientCredential

@description('Client id of the managed identity: it reaches the tables and the host\'s storage, and sends telemetry.')
param identityClientId string

@description('Table endpoints of the storage accounts that share the accounts out.')
param tablesEndpoints string[]

@description('The other list while moving (docs/scale.md); empty otherwise.')
param tablesEndpointsMoving string[]

@description('Blob endpoint of the host\'s storage.')
param hostBlobEndpoint string

@description('Queue endpoint of the host\'s storage.')
param hostQueueEndpoint string

@description('Where the vault is, with a slash at the end.')
param vaultUri string

@description('Where telemetry is sent. No secret: local authentication is off there.')
param applicationInsightsConnectionString string

@description('The APIs behind `/api/{name}`, as DOWNSTREAM_APIS has them (docs/apis.md).')
param downstreamApis object

@description('The `aud` of operators\' tokens; empty: their door is closed.')
param operatorAudience string

@description('Sessions from before this instant are refused; empty for none.')
param sessionsNotBefore string

@description('The settings that may be left out.')
param optional OptionalSettings

@description('Which settings, of those that may be left out, are secrets in the vault.')
param secretSettings SecretSetting[]

// SESSION_KEYS is not in the vault when the app first starts: it is made by the hook that follows (`npm run keys`), so that it
// is in no template, no parameter and no deployment's history. Until then the reference is not resolved, the setting reads as
// `@Microsoft.KeyVault(…)`, and the app names it and answers 503; the hook has the platform fetch it when it is there. Without
// a version in the reference a rotated secret is taken up within a day, or when the platform is asked to (docs/operations.md).
var inVault = concat(
  ['SESSION_KEYS'],
  clientCredential == 'certificate' ? ['AUTH_CLIENT_CERTIFICATE'] : [],
  clientCredential == 'secret' ? ['AUTH_CLIENT_SECRET'] : [],
  secretSettings
)
var references = toObject(
  inVault,
  setting => setting,
  setting => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${toLower(replace(setting, '_', '-'))})'
)

// What the Functions host and the platform read. No `AzureWebJobsStorage` beside its parts: even an empty one wins over them.
// No `__tableServiceUri`: the host would keep diagnostic events there, which would take one more role.
var host = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: hostBlobEndpoint
  AzureWebJobsStorage__queueServiceUri: hostQueueEndpoint
  AzureWebJobsDisableHomepage: 'true'
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

// Left out for good: TABLES_CONNECTION_STRING and its _MOVING, which hold a key, and are for development.
var application = union(
  {
    PUBLIC_ORIGIN: origin
    APPLICATION_NAME: applicationName
    AUTH_AUTHORITY: authority
    AUTH_CLIENT_ID: clientId
    TABLES_ENDPOINT: join(tablesEndpoints, ',')
    TABLES_MANAGED_IDENTITY_CLIENT_ID: identityClientId
    DOWNSTREAM_APIS: string(downstreamApis)
  },
  clientCredential == 'managed-identity' ? { AUTH_MANAGED_IDENTITY_CLIENT_ID: identityClientId } : {},
  empty(tablesEndpointsMoving) ? {} : { TABLES_ENDPOINT_MOVING: join(tablesEndpointsMoving, ',') },
  empty(operatorAudience) ? {} : { OPERATOR_AUDIENCE: operatorAudience },
  empty(sessionsNotBefore) ? {} : { SESSIONS_NOT_BEFORE: sessionsNotBefore }
)

resource app 'Microsoft.Web/sites@2024-11-01' existing = {
  name: appName
}

resource settings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'appsettings'
  properties: union(optional, application, references, host)
}
