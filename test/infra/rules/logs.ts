import { at, type Fields } from '../support/bicep/values.ts';
import { hostAccounts, listAt, tableAccounts, textAt, theOne } from '../support/planned.ts';
import { eachOf, eachPlan, ofType, type Rule } from '../support/rule.ts';

const APP = 'infra/modules/function-app.bicep';
const ALERTS = 'infra/modules/alerts.bicep';
const SITE = 'Microsoft.Web/sites';
const DIAGNOSTICS = 'Microsoft.Insights/diagnosticSettings';

export const LOG_RULES: readonly Rule[] = [
  {
    name: 'every service in use tells what is done to it, where somebody can look',
    check: eachPlan((plan) => {
      const workspace = theOne(plan, 'Microsoft.OperationalInsights/workspaces').id;
      const told = ofType(plan, DIAGNOSTICS)
        .filter(({ body }) => at(body, 'properties.workspaceId') === workspace)
        .filter(({ body }) => listAt(body, 'properties.metrics').some((metric) => at(metric, 'enabled') === true));
      const scopes = told.map(({ scope }) => scope);
      const needed = [
        ...tableAccounts(plan).map(({ id }) => `${id}/tableServices/default`),
        ...hostAccounts(plan).flatMap(({ id }) => [`${id}/blobServices/default`, `${id}/queueServices/default`]),
        theOne(plan, 'Microsoft.KeyVault/vaults').id,
        theOne(plan, SITE).id,
      ];
      return needed.filter((id) => !scopes.includes(id)).map((id) => `${id} tells nothing`);
    }),
    mutations: [
      { file: 'infra/modules/key-vault.bicep', replace: /^resource vaultLogs [\s\S]*?^\}\n/m, by: '' },
      { file: 'infra/modules/token-tables.bicep', replace: 'scope: tables', by: 'scope: account' },
    ],
  },
  {
    name: 'whoever reads or changes a secret, or the code that runs, is written down',
    check: eachPlan((plan) => {
      const logs = ofType(plan, DIAGNOSTICS).flatMap(({ scope, body }) =>
        listAt(body, 'properties.logs').map((log) => `${scope}: ${textAt(log, 'category')}`),
      );
      const needed = [
        `${theOne(plan, 'Microsoft.KeyVault/vaults').id}: AuditEvent`,
        ...hostAccounts(plan).flatMap(({ id }) =>
          ['StorageWrite', 'StorageDelete'].map((category) => `${id}/blobServices/default: ${category}`),
        ),
      ];
      return needed.filter((one) => !logs.includes(one));
    }),
    mutations: [
      {
        file: 'infra/modules/key-vault.bicep',
        replace: "category: 'AuditEvent'",
        by: "category: 'AzurePolicyEvaluationDetails'",
      },
    ],
  },
  {
    name: 'no log is kept that has codes, `sid`s or ids of people in its addresses, unless it is asked for',
    check: eachPlan((plan, scenario) =>
      ofType(plan, DIAGNOSTICS).flatMap(({ scope, body, file, line }) =>
        listAt(body, 'properties.logs')
          .map((log) => textAt(log, 'category') || textAt(log, 'categoryGroup'))
          .filter((category) => tellsTooMuch(category, scope ?? '') && scenario !== 'everything')
          .map((category) => `${file}:${line}: ${category}`),
      ),
    ),
    mutations: [
      {
        file: APP,
        replace: /^( {4})metrics: \[$/m,
        by: "$1logs: [\n      {\n        category: 'AppServiceHTTPLogs'\n        enabled: true\n      }\n    ]\n$&",
      },
      { file: 'infra/main.bicep', replace: /(param tablesLogCategories .*) = \[\]/, by: "$1 = ['StorageRead']" },
    ],
  },
  {
    // From then on the workspace stores nothing, and every rule over what the application sends is silent.
    name: 'somebody is told when the workspace has taken in as much as it may in a day',
    check: eachPlan((plan) => {
      const { id } = theOne(plan, 'Microsoft.OperationalInsights/workspaces');
      const told = ofType(plan, 'Microsoft.Insights/scheduledQueryRules').filter(
        ({ body }) => listAt(body, 'properties.scopes').join() === id && isOfCap(body),
      );
      return told.length === 1 ? [] : [`${told.length} rules tell of it`];
    }),
    mutations: [
      { file: ALERTS, replace: /^resource logsStopped [\s\S]*?^\}\n/m, by: '' },
      { file: ALERTS, replace: 'scopes: [workspaceId]', by: 'scopes: [applicationInsightsId]' },
      { file: ALERTS, replace: '"OverQuota"', by: '"RespectQuota"' },
      { file: ALERTS, replace: /(resource logsStopped [\s\S]*?enabled: )true/, by: '$1false' },
      {
        file: 'infra/main.bicep',
        replace: 'workspaceId: observability.outputs.workspaceId\n    applicationInsightsId:',
        by: 'workspaceId: observability.outputs.applicationInsightsId\n    applicationInsightsId:',
      },
    ],
  },
  {
    name: 'telemetry is taken from identities alone: the connection string lets nobody in',
    check: eachOf(
      'Microsoft.Insights/components',
      ({ body }) => at(body, 'properties.DisableLocalAuth') !== true && 'keys are taken',
    ),
    mutations: [
      { file: 'infra/modules/observability.bicep', replace: 'DisableLocalAuth: true', by: 'DisableLocalAuth: false' },
    ],
  },
];

const tellsTooMuch = (category: string, scope: string): boolean =>
  /^AppService(?!Platform|Audit)|^allLogs$|^FunctionAppLogs$/.test(category) ||
  (/^Storage/.test(category) && scope.includes('/tableServices/'));

/**
 * Whether a rule looks for the record of that, as Microsoft documents it, and tells whoever is told of the others.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/daily-cap#alert-when-daily-cap-is-reached
 */
function isOfCap(body: Fields): boolean {
  const [criterion = null] = listAt(body, 'properties.criteria.allOf');
  return (
    at(body, 'properties.enabled') === true &&
    textAt(criterion, 'query') ===
      '_LogOperation | where Category =~ "Ingestion" | where Detail contains "OverQuota"' &&
    textAt(criterion, 'timeAggregation') === 'Count' &&
    textAt(criterion, 'operator') === 'GreaterThan' &&
    at(criterion, 'threshold') === 0
  );
}
