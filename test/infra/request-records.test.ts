import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { planOf } from './support/bicep/plan.ts';
import type { Planned } from './support/bicep/run.ts';
import { at } from './support/bicep/values.ts';

const TARGET = { cloud: 'AzureCloud', subscriptionId: 's', tenantId: 't', location: 'westeurope' } as const;
const FILES = ['main.bicep', 'workbook.json', ...readdirSync('infra/modules').map((name) => `modules/${name}`)];
const SOURCES = new Map(FILES.map((file) => [`infra/${file}`, readFileSync(`infra/${file}`, 'utf8')]));

interface Flow {
  readonly streams: readonly string[];
  readonly transformKql: string;
}

const planned = (filterRequestRecords: boolean): readonly Planned[] =>
  planOf(SOURCES, 'infra/main.bicep', { environmentName: 'prod', filterRequestRecords }, TARGET).resources;
const ofType = (resources: readonly Planned[], type: string): readonly Planned[] =>
  resources.filter((resource) => resource.type.toLowerCase() === type.toLowerCase());
const linkOf = ({ body }: Planned): unknown => at(body, 'properties.defaultDataCollectionRuleResourceId');

/**
 * What is used here of the few functions and operators that a transformation takes.
 * @see https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-transformations-kql
 */
const TAKEN = ['source', 'where', 'extend', 'project-away', 'split', 'tostring'];

describe('records of requests, as the Functions host sends them', () => {
  it('are kept as they come unless asked otherwise', () => {
    const resources = planned(false);
    expect(ofType(resources, 'Microsoft.Insights/dataCollectionRules')).toEqual([]);
    expect(ofType(resources, 'Microsoft.OperationalInsights/workspaces').map(linkOf)).toEqual([null]);
  });

  it('go through one rule, which the workspace that stands already is given last', () => {
    const resources = planned(true);
    const [rule, ...more] = ofType(resources, 'Microsoft.Insights/dataCollectionRules');
    const workspaces = ofType(resources, 'Microsoft.OperationalInsights/workspaces');
    expect(more).toEqual([]);
    expect(rule?.body.kind).toBe('WorkspaceTransforms');
    expect(workspaces.map(linkOf)).toEqual([null, rule?.id]);
    // The same workspace twice, with nothing else changed by the second time.
    const [first, second] = workspaces.map(({ id, body: { properties, ...rest } }) => {
      const { defaultDataCollectionRuleResourceId: _, ...others } = properties as Record<string, unknown>;
      return { id, rest, others };
    });
    expect(second).toEqual(first);
  });

  it('leave out the calls that went well, every query and whom an operator looked at', () => {
    const [rule] = ofType(planned(true), 'Microsoft.Insights/dataCollectionRules');
    const flows = at(rule?.body, 'properties.dataFlows') as readonly Flow[] | undefined;
    expect(flows?.map(({ streams }) => streams)).toEqual([['Microsoft-Table-AppRequests']]);
    const transformKql = flows?.[0]?.transformKql;
    // On one line, as the service wants it.
    expect(transformKql).not.toContain('\n');
    expect(transformKql).toContain("where Success != true or Url !contains '/api/' |");
    expect(transformKql).toContain("split(tostring(Url), '?')[0]");
    expect(transformKql).toContain("'/operator/')[0]");
    expect(transformKql).toContain('project-away ClientIP');
  });

  it('are asked for in words that a transformation takes, which are fewer than those of a query', () => {
    const [rule] = ofType(planned(true), 'Microsoft.Insights/dataCollectionRules');
    const kql = String(at(rule?.body, 'properties.dataFlows.0.transformKql') ?? '');
    const operators = kql.split(' | ').map((part) => part.split(' ')[0]);
    const functions = [...kql.matchAll(/(\w+)\(/g)].map(([, name]) => name);
    expect([...operators, ...functions].filter((word) => !TAKEN.includes(word ?? ''))).toEqual([]);
    expect(functions).toContain('split');
  });
});
