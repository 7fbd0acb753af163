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

@description('Past so many GB a day nothing more is taken in until the hour at which the workspace begins its day, and alerts on logs are silent; -1 for no limit.')
param dailyCapGb int

@description('Whether the host\'s records of requests are cut down before they are stored.')
param filterRequestRecords bool

@description('Object id of the identity of the application.')
param identityPrincipalId string

var monitoringMetricsPublisher = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '3913510d-42f4-4e42-8a64-420c390055eb'
)

module workspace 'workspace.bicep' = {
  name: 'workspace-${workspaceName}'
  params: {
    name: workspaceName
    location: location
    tags: tags
    retentionDays: retentionDays
    dailyCapGb: dailyCapGb
  }
}

// The Functions host tells of every request, and in OpenTelemetry mode cannot be told not to (docs/host.md): of what it sends
// for one, here the calls are left out that went well, and of the others the query, the address of the browser, and whom an
// operator looked at. Metrics, spans and the app's own lines, receipts among them, are untouched. On one line, as it has to be,
// and without `not(…)`, which transformations do not take.
resource requestRecords 'Microsoft.Insights/dataCollectionRules@2024-03-11' = if (filterRequestRecords) {
  name: 'dcr-${workspaceName}'
  location: location
  tags: tags
  kind: 'WorkspaceTransforms'
  properties: {
    dataSources: {}
    destinations: {
      logAnalytics: [
        {
          name: 'workspace'
          workspaceResourceId: workspace.outputs.id
        }
      ]
    }
    dataFlows: [
      {
        streams: ['Microsoft-Table-AppRequests']
        destinations: ['workspace']
        transformKql: 'source | where Success != true or Url !contains \'/api/\' | extend Url = tostring(split(tostring(split(tostring(Url), \'?\')[0]), \'/operator/\')[0]), Name = tostring(split(tostring(Name), \'/operator/\')[0]) | project-away ClientIP'
      }
    ]
  }
}

module workspaceWithRule 'workspace.bicep' = if (filterRequestRecords) {
  name: 'workspace-with-rule-${workspaceName}'
  params: {
    name: workspaceName
    location: location
    tags: tags
    retentionDays: retentionDays
    dailyCapGb: dailyCapGb
    ruleId: requestRecords.id
  }
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' = {
  name: applicationInsightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.outputs.id
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

@description('Resource id of the workspace, for diagnostic settings and alerts.')
output workspaceId string = workspace.outputs.id

@description('Resource id of Application Insights, for alerts and the workbook.')
output applicationInsightsId string = applicationInsights.id

@description('Where telemetry is sent. No secret: local authentication is off.')
output applicationInsightsConnectionString string = applicationInsights.properties.ConnectionString
