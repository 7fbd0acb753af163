metadata description = 'One page of what the application counts: sign-outs by door, time to gone, what waits, what failed, storage.'

@description('The region of the workbook.')
param location string

@description('Tags of the workbook.')
param tags object = {}

@description('The Application Insights component that the application sends to.')
param applicationInsightsId string

@description('The storage accounts of the token tables.')
param tablesAccountIds string[]

var accounts = join(map(tablesAccountIds, id => '"${id}"'), ',')
var page = replace(loadTextContent('../workbook.json'), 'APPLICATION_INSIGHTS_ID', applicationInsightsId)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // A workbook's name has to be a GUID; of the same component it is always the same.
  name: guid(applicationInsightsId, 'exeunt')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Exeunt'
    category: 'workbook'
    sourceId: applicationInsightsId
    serializedData: replace(page, '"TABLES_ACCOUNT_IDS"', accounts)
  }
}
