import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ASSUMED } from '../../bench/cost/assumed.ts';
import { planOf } from './support/bicep/plan.ts';
import type { Planned } from './support/bicep/run.ts';
import type { Fields } from './support/bicep/values.ts';

const TARGET = { cloud: 'AzureCloud', subscriptionId: 's', tenantId: 't', location: 'westeurope' } as const;
const FILES = ['infra/modules/alerts.bicep', 'infra/modules/workbook.bicep', 'infra/workbook.json'];
const SOURCES = new Map(FILES.map((file) => [file, readFileSync(file, 'utf8')]));

const APPLICATION_INSIGHTS = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/components/appi';
const WORKSPACE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/log';
const ACCOUNTS = ['one', 'two'].map(
  (name) => `/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/${name}`,
);
const GROUP = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/actionGroups/night-shift';

const common = { location: 'westeurope', applicationInsightsId: APPLICATION_INSIGHTS, tablesAccountIds: ACCOUNTS };
const planned = (name: 'alerts' | 'workbook', more: Fields = {}): readonly Planned[] =>
  planOf(SOURCES, `infra/modules/${name}.bicep`, { ...common, ...more }, TARGET).resources;
const plannedAlerts = (more: Fields = {}): readonly Planned[] =>
  planned('alerts', { name: 'exeunt-prod', workspaceId: WORKSPACE, ...more });

interface Rule {
  readonly properties: {
    readonly displayName: string;
    readonly description: string;
    readonly severity: number;
    readonly scopes: readonly string[];
    readonly evaluationFrequency: string;
    readonly windowSize: string;
    readonly autoMitigate: boolean;
    readonly skipQueryValidation?: boolean;
    readonly criteria: { readonly allOf: readonly { readonly query: string }[] };
    readonly actions: { readonly actionGroups: readonly string[] } | readonly { readonly actionGroupId: string }[];
  };
}
const bodiesOf = (resources: readonly Planned[], type: string): Rule[] =>
  resources
    .filter((resource) => resource.type === `Microsoft.Insights/${type}`)
    .map(({ body }) => body as unknown as Rule);

/** ISO 8601, as far as rules have it. */
const minutes = (duration: string): number => {
  const [, count, unit] = /^PT(\d+)([MH])$/.exec(duration) ?? [];
  return Number(count) * (unit === 'H' ? 60 : 1);
};

describe('the rules that are deployed', () => {
  const resources = plannedAlerts({ actionGroupIds: [GROUP], email: 'night@contoso.example' });
  const rules = bodiesOf(resources, 'scheduledQueryRules');
  const ofApplication = rules.filter(({ properties }) => !properties.scopes.includes(WORKSPACE));
  const metricRules = bodiesOf(resources, 'metricAlerts');

  it.each(rules.map(({ properties }) => [properties.displayName, properties] as const))(
    '"%s" says what to do, and is asked often enough to see all',
    (_name, properties) => {
      expect(properties.description).toMatch(/^[A-Z].*[.?] docs\/operations\.md#alert-[a-z-]+$/);
      expect([[APPLICATION_INSIGHTS], [WORKSPACE]]).toContainEqual(properties.scopes);
      expect([1, 2, 3]).toContain(properties.severity);
      expect(minutes(properties.evaluationFrequency)).toBeLessThanOrEqual(minutes(properties.windowSize));
    },
  );

  it('each have a name of their own, and ask what stands in the file; one of the workspace itself', () => {
    const names = resources.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(rules.length - ofApplication.length).toBe(1);
    for (const { properties } of ofApplication)
      expect(properties.criteria.allOf[0]?.query).toMatch(/^\s*(customMetrics|traces)\n/);
  });

  it('look at each storage account of the tables, and at no other', () => {
    expect(metricRules.map(({ properties }) => properties.scopes)).toEqual(
      ACCOUNTS.map((id) => [`${id}/tableServices/default`]),
    );
  });

  it('tell the groups that are there, and the address', () => {
    const own = resources.find(({ type }) => type === 'Microsoft.Insights/actionGroups');
    expect(own?.body).toMatchObject({ properties: { emailReceivers: [{ emailAddress: 'night@contoso.example' }] } });
    for (const { properties } of rules) expect(properties.actions).toEqual({ actionGroups: [GROUP, own?.id] });
    for (const { properties } of metricRules) {
      expect(properties.actions).toEqual([{ actionGroupId: GROUP }, { actionGroupId: own?.id }]);
    }
  });

  it('tell nobody where nobody is named, and are there all the same', () => {
    const quiet = plannedAlerts();
    expect(bodiesOf(quiet, 'actionGroups')).toEqual([]);
    expect(bodiesOf(quiet, 'scheduledQueryRules')).toHaveLength(rules.length);
    for (const { properties } of bodiesOf(quiet, 'scheduledQueryRules')) {
      expect(properties.actions).toEqual({ actionGroups: [] });
    }
  });
});

it('the rules that are deployed are those that docs/cost.md counts, for one storage account', () => {
  const types = ['Microsoft.Insights/scheduledQueryRules', 'Microsoft.Insights/metricAlerts'];
  const rules = plannedAlerts({ tablesAccountIds: ACCOUNTS.slice(0, 1) }).filter(({ type }) => types.includes(type));
  expect(ASSUMED.alertRules.value).toBe(rules.length);
});

describe('the rule over the workspace', () => {
  const [rule] = bodiesOf(plannedAlerts(), 'scheduledQueryRules').filter(({ properties }) =>
    properties.scopes.includes(WORKSPACE),
  );

  it('is not taken back for there being no further record: until the day is over nothing more comes', () => {
    expect(rule?.properties.autoMitigate).toBe(false);
    // So each record is seen once.
    expect(rule?.properties.evaluationFrequency).toBe(rule?.properties.windowSize);
  });

  it('can be deployed before the workspace has anything in it', () => {
    expect(rule?.properties.skipQueryValidation).toBe(true);
  });
});

describe('the workbook that is deployed', () => {
  const [workbook] = planned('workbook');
  const text = String((workbook?.body.properties as Fields | undefined)?.serializedData);

  it('is JSON, of this component and these storage accounts', () => {
    const page = JSON.parse(text);
    expect(page.fallbackResourceIds).toEqual([APPLICATION_INSIGHTS]);
    const metrics = page.items.filter(({ type }: { type: number }) => type === 10);
    expect(metrics.map(({ content }: { content: { resourceIds: string[] } }) => content.resourceIds)).toEqual([
      ACCOUNTS,
    ]);
  });

  it('asks with parameters that it has', () => {
    const { items } = JSON.parse(text) as { items: { content: { parameters?: { name: string }[]; query?: string } }[] };
    const known = items.flatMap(({ content }) => content.parameters ?? []).map(({ name }) => name);
    const asked = items
      .flatMap(({ content }) => [...(content.query ?? '').matchAll(/\{(\w+)(?::\w+)?\}/g)])
      .map(([, name]) => name);
    expect(asked.length).toBeGreaterThan(0);
    for (const name of asked) expect(known).toContain(name);
  });

  it('has a GUID for a name, which stays', () => {
    expect(workbook?.name).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(planned('workbook')[0]?.name).toBe(workbook?.name);
  });
});
