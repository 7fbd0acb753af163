import { type Plan, planOf } from './bicep/plan.ts';
import type { Sources } from './bicep/run.ts';
import { infraOf, readSources } from './infra.ts';
import type { Mutation } from './rule.ts';

const TARGET = { cloud: 'AzureCloud', subscriptionId: 's', tenantId: 't', location: 'westeurope' } as const;

/** The files with one text replaced; fails where it does not stand there. */
export function mutated(sources: Sources, { file, replace, by }: Mutation): Sources {
  const text = sources.get(file) ?? '';
  const changed = text.replace(replace, by);
  if (changed === text) throw new Error(`${file} has no ${replace}`);
  return new Map([...sources, [file, changed]]);
}

/** Plans every scenario of our templates, with one text replaced. */
export function planWith(mutation: Mutation): void {
  infraOf(mutated(readSources(), mutation)).plans();
}

/** Plans a file that stands alone. */
export function planAlone(text: string): Plan {
  return planOf(new Map([['a.bicep', text]]), 'a.bicep', {}, TARGET);
}
