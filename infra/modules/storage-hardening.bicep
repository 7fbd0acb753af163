metadata description = 'What every storage account here is, whatever it holds.'

@export()
@description('No shared key and so no shared access signature, no anonymous blob, no old TLS, nothing copied to or from another tenant.')
var hardened = {
  accessTier: 'Hot'
  allowBlobPublicAccess: false
  allowCrossTenantReplication: false
  allowedCopyScope: 'AAD'
  allowSharedKeyAccess: false
  defaultToOAuthAuthentication: true
  dnsEndpointType: 'Standard'
  isLocalUserEnabled: false
  isSftpEnabled: false
  minimumTlsVersion: 'TLS1_2'
  supportsHttpsTrafficOnly: true
}
