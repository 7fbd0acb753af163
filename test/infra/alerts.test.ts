import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { planOf } from './support/bicep/plan.ts';
import type { Planned } from './support/bicep/run.ts';
import type { Fields } from './support/bicep/values.ts';

const TARGET = { cloud: 'AzureCloud', subscriptionId: 's', tenantId: 't', location: 'westeurope' } as const;
const FILES = ['infra/modules/alerts.bicep', 'infra/modules/workbook.bicep', 'infra/workbook.json'];
const SOURCES = new Map(FILES.map((file) => [file, readFileSync(file, 'utf8')]));

const APPLICATION_INSIGHTS = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/components/appi';
const ACCOUNTS = ['one', 'two'].map(
  (name) => `/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/${name}`,
);
const GROUP = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/actionGroups/night-shift';

const common = { location: 'westeurope', applicationInsightsId: APPLICATION_INSIGHTS, tablesAccountIds: ACCOUNTS };
const planned = (name: 'alerts' | 'workbook', more: Fields = {}): readonly Planned[] =>
  planOf(SOURCES, `infra/modules/${name}.bicep`, { ...common, ...more }, TARGET).resources;

interface Rule {
  readonly properties: {
    readonly displayName: string;
    readonly description: string;
    readonly severity: number;
    readonly scopes: readonly string[];
    readonly evaluationFrequency: string;
    readonly windowSize: string;
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
  const resources = planned('alerts', { name: 'exeunt-prod', actionGroupIds: [GROUP], email: 'night@contoso.example' });
  const rules = bodiesOf(resources, 'scheduledQueryRules');
  const metricRules = bodiesOf(resources, 'metricAlerts');

  it.each(rules.map(({ properties }) => [properties.displayName, properties] as const))(
    '"%s" says what to do, and is asked often enough to see all',
    (_name, properties) => {
      expect(properties.description).toMatch(/^[A-Z].*[.?] docs\/operations\.md#alert-[a-z-]+$/);
      expect(properties.scopes).toEqual([APPLICATION_INSIGHTS]);
      expect([1, 2, 3]).toContain(properties.severity);
      expect(minutes(properties.evaluationFrequency)).toBeLessThanOrEqual(minutes(properties.windowSize));
    },
  );

  it('each have a name of their own, and ask what stands in the file', () => {
    const names = resources.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(
      rules.every(({ properties }) => /^\s*(customMetrics|traces)\n/.test(properties.criteria.allOf[0]?.query ?? '')),
    ).toBe(true);
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
    const quiet = planned('alerts', { name: 'exeunt-prod' });
    expect(bodiesOf(quiet, 'actionGroups')).toEqual([]);
    expect(bodiesOf(quiet, 'scheduledQueryRules')).toHaveLength(rules.length);
    for (const { properties } of bodiesOf(quiet, 'scheduledQueryRules')) {
      expect(properties.actions).toEqual({ actionGroups: [] });
    }
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
