import { at, type Fields, isFields, type Value } from '../support/bicep/values.ts';
import { listAt, tableAccounts, textAt, theOne } from '../support/planned.ts';
import { eachOf, eachPlan, ofType, type Rule } from '../support/rule.ts';

const FILE = 'infra/modules/alerts.bicep';
const MAIN = 'infra/main.bicep';
const LOG_RULE = 'Microsoft.Insights/scheduledQueryRules';
const METRIC_RULE = 'Microsoft.Insights/metricAlerts';
const GROUP = 'Microsoft.Insights/actionGroups';

/** What storage says of a request that it did not take for its number or its bytes, or took late. */
const THROTTLED = [
  'ClientAccountBandwidthThrottlingError',
  'ClientAccountRequestThrottlingError',
  'ClientThrottlingError',
  'ServerBusyError',
  'SuccessWithThrottling',
];

export const ALERT_RULES: readonly Rule[] = [
  {
    name: 'a rule over logs is on, and tells of the first line that it finds, or of none where it looks for that',
    check: eachOf(LOG_RULE, ({ body }) => {
      const [criterion = null, ...more] = listAt(body, 'properties.criteria.allOf');
      const periods = ['numberOfEvaluationPeriods', 'minFailingPeriodsToAlert'].map((name) =>
        textAt(criterion, `failingPeriods.${name}`),
      );
      const isOfOne = more.length === 0 && textAt(criterion, 'query') !== '' && firesAtOne(criterion);
      const isInTime = ['1,1', '2,2'].includes(periods.join());
      if (at(body, 'properties.enabled') !== true) return 'it is off';
      if (body.kind !== 'LogAlert') return 'it is another kind of rule';
      return (!isOfOne && 'it does not tell of one') || (!isInTime && `it waits for ${periods.join(' of ')}`);
    }),
    mutations: [
      { file: FILE, replace: 'enabled: true\n      scopes: [app', by: 'enabled: false\n      scopes: [app' },
      { file: FILE, replace: "timeAggregation: 'Count'", by: "timeAggregation: 'Average'" },
      { file: FILE, replace: "operator: 'GreaterThan'", by: "operator: 'LessThan'" },
      { file: FILE, replace: 'threshold: 0', by: 'threshold: 1' },
      { file: FILE, replace: 'minFailingPeriodsToAlert: alert.periods', by: 'minFailingPeriodsToAlert: 3' },
      { file: FILE, replace: '            query: alert.query\n', by: '' },
    ],
  },
  {
    name: 'a rule over logs looks at times that Azure knows, all of them, and says itself when it is over, where it can',
    check: eachPlan((plan) => {
      const workspace = theOne(plan, 'Microsoft.OperationalInsights/workspaces').id;
      return ofType(plan, LOG_RULE).flatMap(({ body, name }) => {
        const often = minutesOf(textAt(body, 'properties.evaluationFrequency'));
        const isOfWorkspace = listAt(body, 'properties.scopes').includes(workspace);
        return [
          ...(often <= minutesOf(textAt(body, 'properties.windowSize')) ? [] : [`${name} leaves out times`]),
          ...(at(body, 'properties.autoMitigate') === !isOfWorkspace ? [] : [`${name} never ends, or too soon`]),
        ];
      });
    }),
    mutations: [
      { file: FILE, replace: "? 'PT15M' : 'PT5M'", by: "? 'PT2H' : 'PT5M'" },
      { file: FILE, replace: "window: 'PT30M'", by: "window: 'PT3M'" },
      { file: FILE, replace: 'autoMitigate: true', by: 'autoMitigate: false' },
      { file: FILE, replace: 'autoMitigate: false', by: 'autoMitigate: true' },
    ],
  },
  {
    name: 'for each account of the tables a rule tells when storage takes no more',
    check: eachPlan((plan) => {
      const rules = ofType(plan, METRIC_RULE).filter(({ body }) => isOfThrottling(body));
      const seen = rules.flatMap(({ body }) => listAt(body, 'properties.scopes').map(String));
      return tableAccounts(plan)
        .filter(({ id }) => !seen.includes(`${id}/tableServices/default`))
        .map(({ name }) => `nothing tells of ${name}`);
    }),
    mutations: [
      { file: FILE, replace: "'odata.type': ", by: "'odatatype': " },
      { file: FILE, replace: /^ *criterionType: .*\n/m, by: '' },
      { file: FILE, replace: "metricName: 'Transactions'", by: "metricName: 'Availability'" },
      { file: FILE, replace: "  'ServerBusyError'\n", by: '' },
      { file: FILE, replace: "operator: 'Include'", by: "operator: 'Exclude'" },
      { file: FILE, replace: "timeAggregation: 'Total'", by: "timeAggregation: 'Average'" },
      { file: FILE, replace: "enabled: true\n      scopes: ['${acc", by: "enabled: false\n      scopes: ['${acc" },
      { file: MAIN, replace: /range\(0, length\(tablesAccountNames\)\)(.*\n {4}email)/, by: 'range(0, 1)$1' },
    ],
  },
  {
    name: 'an address that is to be told is told, and there is no group without one',
    check: eachPlan((plan, scenario) => {
      const groups = ofType(plan, GROUP);
      if (scenario !== 'everything') return groups.map(({ name }) => `${name} tells nobody`);
      const [group] = groups;
      const [receiver] = listAt(group?.body, 'properties.emailReceivers');
      const rules = [...ofType(plan, LOG_RULE), ...ofType(plan, METRIC_RULE)];
      const silent = rules.filter(({ body }) => {
        const told = [...listAt(body, 'properties.actions'), ...listAt(body, 'properties.actions.actionGroups')];
        return !told.some((one) => one === group?.id || at(one, 'actionGroupId') === group?.id);
      });
      return [
        ...(textAt(receiver, 'emailAddress') === 'night@contoso.example' ? [] : ['the address is not told']),
        ...(textAt(receiver, 'name') === '' ? ['who is told has no name'] : []),
        ...(at(group?.body, 'properties.enabled') === true ? [] : ['the group is off']),
        ...(/^.{1,12}$/.test(textAt(group?.body, 'properties.groupShortName')) ? [] : ['no short name of at most 12']),
        ...silent.map(({ name }) => `${name} tells nobody`),
      ];
    }),
    mutations: [
      { file: FILE, replace: "    groupShortName: 'exeunt'\n", by: '' },
      { file: FILE, replace: '        emailAddress: email\n', by: '' },
      { file: FILE, replace: "        name: 'email'\n", by: '' },
      { file: FILE, replace: "'exeunt'\n    enabled: true", by: "'exeunt'\n    enabled: false" },
      { file: FILE, replace: '= if (!empty(email)) {', by: '= {' },
      { file: FILE, replace: '        actionGroups: told\n', by: '' },
      { file: FILE, replace: 'actions: [for id in told: { actionGroupId: id }]', by: 'actions: []' },
      { file: MAIN, replace: 'email: alertEmail', by: "email: ''" },
    ],
  },
];

const firesAtOne = (criterion: Value): boolean =>
  textAt(criterion, 'timeAggregation') === 'Count' &&
  textAt(criterion, 'operator') === 'GreaterThan' &&
  at(criterion, 'threshold') === 0;

/** Of ISO 8601 those that a rule over logs takes; not a number of others. */
function minutesOf(duration: string): number {
  const known = { PT5M: 5, PT10M: 10, PT15M: 15, PT30M: 30, PT45M: 45, PT1H: 60 };
  return known[duration as keyof typeof known] ?? Number.NaN;
}

const COUNTS_THROTTLED = {
  criterionType: 'StaticThresholdCriterion',
  metricNamespace: 'Microsoft.Storage/storageAccounts/tableServices',
  metricName: 'Transactions',
  timeAggregation: 'Total',
  operator: 'GreaterThan',
};

function isOfThrottling(body: Fields): boolean {
  const criteria = at(body, 'properties.criteria');
  const [criterion = null] = listAt(criteria, 'allOf');
  const [dimension = null] = listAt(criterion, 'dimensions');
  return (
    at(body, 'properties.enabled') === true &&
    isFields(criteria) &&
    criteria['odata.type'] === 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria' &&
    Object.entries(COUNTS_THROTTLED).every(([name, value]) => at(criterion, name) === value) &&
    textAt(criterion, 'name') !== '' &&
    Number(at(criterion, 'threshold')) > 0 &&
    textAt(dimension, 'name') === 'ResponseType' &&
    textAt(dimension, 'operator') === 'Include' &&
    listAt(dimension, 'values').join() === THROTTLED.join() &&
    minutesOf(textAt(body, 'properties.windowSize')) >= minutesOf(textAt(body, 'properties.evaluationFrequency'))
  );
}
