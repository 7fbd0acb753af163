import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plan, planOf } from './bicep/plan.ts';
import { readFile, type Sources } from './bicep/run.ts';
import type { BicepFile } from './bicep/syntax.ts';
import { SCENARIOS, type ScenarioName } from './scenarios.ts';

/** Everything that the checks look at, as it is or with a text replaced. */
export interface Infra {
  readonly sources: Sources;
  /** All Bicep files of `infra/`. */
  readonly files: readonly BicepFile[];
  /** What a deployment with a scenario's parameters would make. */
  plan(scenario: ScenarioName): Plan;
  /** Every scenario's. */
  plans(): readonly (readonly [ScenarioName, Plan])[];
}

const BESIDE = ['azure.yaml', 'host.json'];

/** The files of `infra/` and those beside it that have to go with them, by their paths. */
export function readSources(): Sources {
  const inside = readdirSync('infra', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:bicep|json)$/.test(name))
    .map((name) => join('infra', name));
  return new Map([...inside, ...BESIDE].sort().map((file) => [file, readFileSync(file, 'utf8')]));
}

/** @throws {BicepError} where a file is not Bicep */
export function infraOf(sources: Sources): Infra {
  const parsed = new Map<string, BicepFile>();
  const plans = new Map<ScenarioName, Plan>();
  const names = [...sources.keys()].filter((file) => file.endsWith('.bicep'));
  const files = names.map((file) => readFile({ sources, parsed }, file));
  const plan = (scenario: ScenarioName): Plan => {
    const known = plans.get(scenario);
    if (known !== undefined) return known;
    const { parameters, target } = SCENARIOS[scenario];
    const made = planOf(sources, 'infra/main.bicep', parameters(files), target, parsed);
    plans.set(scenario, made);
    return made;
  };
  const scenarios = Object.keys(SCENARIOS) as ScenarioName[];
  return { sources, files, plan, plans: () => scenarios.map((scenario) => [scenario, plan(scenario)] as const) };
}
