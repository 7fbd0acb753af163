metadata description = 'Log Analytics, and Application Insights on it, written to by identity alone.'

@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('Azure region.')
param location string

@description('Tags of the resources.')
param tags object

@description('How long logs are kept, in days.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Past so many GB a day nothing more is taken in until the next day, alerts on logs included; -1 for no limit.')
param dailyCapGb int

@description('Object id of the identity of the application.')
param identityPrincipalId string

var monitoringMetricsPublisher = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '3913510d-42f4-4e42-8a64-420c390055eb'
)

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    workspaceCapping: {
      dailyQuotaGb: dailyCapGb
    }
    features: {
      // No workspace key: who reads or writes does it as somebody.
      disableLocalAuth: true
      // Who may read a resource may read its logs, and those of no other.
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' = {
  name: applicationInsightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    // The connection string then says where to send to, and lets nobody in: it is no secret.
    DisableLocalAuth: true
  }
}

resource publishesTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(applicationInsights.id, identityPrincipalId, monitoringMetricsPublisher)
  scope: applicationInsights
  properties: {
    // Why: since local authentication is off, both the Functions host and the worker send telemetry as this identity. It
    // may write to this component, and read nothing.
    description: 'The app and its host send telemetry here; local authentication is off.'
    roleDefinitionId: monitoringMetricsPublisher
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

@description('Resource id of the workspace, for diagnostic settings.')
output workspaceId string = workspace.id

@description('Resource id of Application Insights, for alerts and the workbook.')
output applicationInsightsId string = applicationInsights.id

@description('Where telemetry is sent. No secret: local authentication is off.')
output applicationInsightsConnectionString string = applicationInsights.properties.ConnectionString
