metadata description = 'The Log Analytics workspace. A rule over what comes in needs the workspace, and the workspace names the rule: with one, it is written twice.'

@description('Name of the workspace.')
param name string

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags object

@description('How long logs are kept, in days.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Past so many GB a day nothing more is taken in until the hour at which the workspace begins its day, and alerts on logs are silent; -1 for no limit.')
param dailyCapGb int

@description('Resource id of the rule that records go through before they are stored; null for none.')
param ruleId string?

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: name
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
    defaultDataCollectionRuleResourceId: ruleId
  }
}

@description('Resource id of the workspace.')
output id string = workspace.id
