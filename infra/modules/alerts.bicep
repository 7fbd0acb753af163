metadata description = 'What wakes somebody: rules over the metrics and log lines of docs/telemetry.md.'

@description('The region of the rules: that of the Application Insights component.')
param location string

@description('Tags of every resource.')
param tags object = {}

@description('What the names of the rules begin with.')
param name string

@description('The Application Insights component that the application sends to.')
param applicationInsightsId string

@description('The workspace that all of it is stored in.')
param workspaceId string

@description('The storage accounts of the token tables.')
param tablesAccountIds string[]

@description('Action groups that are there already and are to be told.')
param actionGroupIds string[] = []

@description('An address that is to be told; empty: none, and the alerts show in the portal alone.')
param email string = ''

// In Application Insights metrics are `customMetrics`, and the lines of the log `traces`. A test holds that every metric, attribute
// and event named in a query is one that the code emits. A counter is exported as what was added since the last export, `valueSum`; a histogram as sum, count, least and most, without
// its buckets. So what needs a distribution, or a number that metrics do not carry, is read from the log's lines.
var alerts = [
  {
    id: 'signout-failed'
    title: 'A sign-out failed'
    severity: 1
    window: 'PT5M'
    periods: 1
    todo: 'A sign-out is neither done nor queued, and whoever asked was told so. Look at the storage of tables and queue, and end the account as an operator.'
    query: '''
      customMetrics
      | where name == 'exeunt.signout.outcomes'
      | where tostring(customDimensions['exeunt.outcome']) == 'failed'
      | where not(tostring(customDimensions['error.type']) startswith 'flood')
    '''
  }
  {
    // A message is tried again after five minutes at most, so that every ten have one as long as anything waits.
    id: 'signout-delayed'
    title: 'Sign-outs wait to be finished'
    severity: 2
    window: 'PT10M'
    periods: 2
    todo: 'Sign-outs that storage interrupted are tried again from the queue signout-retry, in vain. Find out why the tables do not answer.'
    query: '''
      customMetrics
      | where name == 'exeunt.signout.outcomes'
      | where tostring(customDimensions['exeunt.outcome']) == 'delayed'
      | extend reason = tostring(customDimensions['error.type'])
      | where reason != 'sign-in-may-be-under-way' and not(reason startswith 'flood')
    '''
  }
  {
    id: 'retry-poison'
    title: 'A queued sign-out cannot be finished'
    severity: 1
    window: 'PT5M'
    periods: 1
    todo: 'A message of signout-retry could not be read (it lies in signout-retry-poison) or not be put back. Was a session key taken away too early?'
    query: '''
      customMetrics
      | where name == 'exeunt.signout.retries'
      | where tostring(customDimensions['exeunt.outcome']) == 'failed'
    '''
  }
  {
    // From the log: anybody can have sign-outs wait that end nothing, and the metric does not tell those apart.
    id: 'time-to-gone'
    title: 'A sign-out took more than a minute'
    severity: 2
    window: 'PT15M'
    periods: 1
    todo: 'Tokens were there for more than a minute after a sign-out had come in. Did it wait in the queue (tries), or is storage slow?'
    query: '''
      traces
      | where message has 'signout.completed'
      | extend line = parse_json(message)
      | where tostring(line.event) == 'signout.completed' and toint(line.sessions) > 0 and toreal(line.ms) > 60000
    '''
  }
  {
    id: 'directory-failed'
    title: 'The directory cannot be heard'
    severity: 1
    window: 'PT15M'
    periods: 1
    todo: 'Notifications of Microsoft Graph were missed or given up, or the subscription cannot be kept. Whom they were about is out at the next revalidation.'
    query: '''
      traces
      | where message has 'directory.failed' or message has 'directory.missed'
      | extend line = parse_json(message)
      | where tostring(line.event) in ('directory.failed', 'directory.missed')
    '''
  }
  {
    id: 'refresh-failing'
    title: 'Tokens cannot be refreshed'
    severity: 2
    window: 'PT15M'
    periods: 1
    todo: 'More than a fifth of the refreshes fail. Is the OP out of reach, or has the client credential expired?'
    query: '''
      customMetrics
      | where name == 'exeunt.refresh.outcomes'
      | summarize failed = sumif(valueSum, tostring(customDimensions['exeunt.outcome']) == 'failed'), tried = sum(valueSum)
      | where tried >= 10 and failed > 0.2 * tried
    '''
  }
  {
    id: 'tokens-unreadable'
    title: 'Stored sessions cannot be read'
    severity: 2
    window: 'PT15M'
    periods: 1
    todo: 'A session or its tokens are stored and cannot be opened. Does an instance lack a session key, or is an older version running?'
    query: '''
      traces
      | where message has 'session.unreadable' or message has 'session.ended'
      | extend line = parse_json(message)
      | where tostring(line.event) == 'session.unreadable' or tostring(line.reason) == 'tokens-corrupt'
    '''
  }
  {
    id: 'signin-refused'
    title: 'Most sign-ins are refused'
    severity: 3
    window: 'PT30M'
    periods: 1
    todo: 'More sign-ins are refused than completed. See which error.type in the workbook, and what it means in docs/errors.md.'
    query: '''
      customMetrics
      | where name == 'exeunt.signin.outcomes'
      | summarize
          refused = sumif(valueSum, tostring(customDimensions['exeunt.outcome']) == 'refused'),
          ended = sumif(valueSum, tostring(customDimensions['exeunt.outcome']) in ('completed', 'refused'))
      | where ended >= 20 and refused > 0.5 * ended
    '''
  }
  {
    id: 'storage-failing'
    title: 'Table Storage does not answer'
    severity: 1
    window: 'PT5M'
    periods: 1
    todo: 'More than a twentieth of the calls of the tables fail. Look at the storage account, the way to it, and the identity that may use it.'
    query: '''
      customMetrics
      | where name == 'exeunt.storage.calls'
      | summarize failed = sumif(valueSum, tostring(customDimensions['exeunt.outcome']) == 'unavailable'), calls = sum(valueSum)
      | where calls >= 20 and failed > 0.05 * calls
    '''
  }
  {
    id: 'revocation-failed'
    title: 'Refresh tokens could not be revoked'
    severity: 3
    window: 'PT1H'
    periods: 1
    todo: 'Refresh tokens are gone from here and stand at the OP until they expire there. Look at its revocation endpoint.'
    query: '''
      customMetrics
      | where name == 'exeunt.revocations'
      | where tostring(customDimensions['exeunt.outcome']) == 'failed'
    '''
  }
  {
    id: 'refusals'
    title: 'A door refuses many'
    severity: 3
    window: 'PT15M'
    periods: 1
    todo: 'More than a hundred came to one door and were not believed. Somebody is trying, or an OP, a transmitter or an operator is set up wrongly.'
    query: '''
      customMetrics
      | where name == 'exeunt.signout.refusals'
      | summarize refusals = sum(valueSum) by door = tostring(customDimensions['exeunt.door'])
      | where refusals > 100
    '''
  }
  {
    id: 'bug'
    title: 'Something broke that should not'
    severity: 3
    window: 'PT15M'
    periods: 1
    todo: 'A request ended in an error that no code expects. Report it with the stack of its line.'
    query: '''
      traces
      | where message has '"event":"error"'
      | extend line = parse_json(message)
      | where tostring(line.event) == 'error'
    '''
  }
  {
    id: 'sweep-silent'
    title: 'Nothing is swept'
    severity: 2
    window: 'PT1H'
    periods: 1
    todo: 'The sweep runs every ten minutes and has not for an hour. Is the application up, are its settings mistaken (/health/ready), does telemetry arrive?'
    query: '''
      traces
      | where message has 'sweep.completed'
      | extend line = parse_json(message)
      | where tostring(line.event) == 'sweep.completed'
      | summarize runs = count()
      | where runs == 0
    '''
  }
]

// The SDK's own tries hide from the metrics above what the service throttled and then took.
var throttled = [
  'ClientAccountBandwidthThrottlingError'
  'ClientAccountRequestThrottlingError'
  'ClientThrottlingError'
  'ServerBusyError'
  'SuccessWithThrottling'
]

var told = concat(actionGroupIds, empty(email) ? [] : [whoIsTold.id])

resource whoIsTold 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: '${name}-alerts'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'exeunt'
    enabled: true
    emailReceivers: [
      {
        name: 'email'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts: {
    name: '${name}-${alert.id}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Exeunt: ${alert.title}'
      description: '${alert.todo} docs/operations.md#alert-${alert.id}'
      severity: alert.severity
      enabled: true
      scopes: [applicationInsightsId]
      evaluationFrequency: alert.window == 'PT1H' ? 'PT15M' : 'PT5M'
      windowSize: alert.window
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: alert.periods
              minFailingPeriodsToAlert: alert.periods
            }
          }
        ]
      }
      actions: {
        actionGroups: told
      }
    }
  }
]

// Past its daily cap the workspace stores nothing that is billed, and the rules above find nothing. Its own record of that still comes,
// once; by its end no further record says that it is over, so that the alert is not taken back by itself.
resource logsStopped 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-logs-stopped'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Exeunt: No more logs are taken in today'
    description: 'The workspace has met its daily cap: until its hour of reset no line is stored, receipts of sign-outs included, and no other alert on logs can fire. docs/operations.md#alert-logs-stopped'
    severity: 1
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    autoMitigate: false
    // In a workspace that was made a minute ago there is nothing yet to validate it with.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: '_LogOperation | where Category =~ "Ingestion" | where Detail contains "OverQuota"'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: told
    }
  }
}

resource throttling 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (accountId, index) in tablesAccountIds: {
    name: '${name}-storage-throttled-${index}'
    location: 'global'
    tags: tags
    properties: {
      description: 'Table Storage throttles: a storage account has met its limit. docs/operations.md#alert-storage-throttled'
      severity: 2
      enabled: true
      scopes: ['${accountId}/tableServices/default']
      evaluationFrequency: 'PT5M'
      windowSize: 'PT5M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'throttled'
            metricNamespace: 'Microsoft.Storage/storageAccounts/tableServices'
            metricName: 'Transactions'
            dimensions: [
              {
                name: 'ResponseType'
                operator: 'Include'
                values: throttled
              }
            ]
            timeAggregation: 'Total'
            operator: 'GreaterThan'
            threshold: 10
          }
        ]
      }
      actions: [for id in told: { actionGroupId: id }]
    }
  }
]
