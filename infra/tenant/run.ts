import type { Diagnosis } from '../doctor/examine.ts';
import { linesOf } from '../doctor/tell.ts';
import type { Look } from './operator.ts';
import type { Verified } from './report.ts';
import { TENANT_KINDS, type TenantKind } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { type Prompter, type Tried, tryScenario } from './try-scenario.ts';

/** What is there beside the person. */
export interface Setting {
  readonly version: string;
  readonly look: Look | null;
  examine(): Promise<Diagnosis>;
  now(): Date;
}

/**
 * Leads a person through all that is to be seen at their tenant.
 *
 * @returns null where there is nothing to write down: the application cannot be asked, or the person left at once
 */
export async function verifyTenant(
  prompter: Prompter,
  { version, look, examine, now }: Setting,
): Promise<Verified | null> {
  const { say } = prompter;
  const diagnosis = await examine();
  if (diagnosis.outcome === 'cannot-be-asked') {
    say(diagnosis.reason);
    return null;
  }
  const faults = diagnosis.judged.filter(({ verdict }) => verdict !== 'ok');
  if (faults.length > 0) say('The doctor says:');
  for (const fault of faults) for (const line of linesOf(fault)) say(line);
  if (look === null) say('There is no operator token (--operator-scope): you are asked what you see.');

  const kind = await askKind(prompter);
  if (kind === null) return null;
  const tried: Tried[] = [];
  for (const scenario of SCENARIOS.filter(({ kinds }) => kinds.includes(kind))) {
    const one = await tryScenario(prompter, scenario, look);
    if (one === null) break;
    tried.push(one);
  }
  if (tried.length === 0) return null;
  const verdicts = diagnosis.judged.map(({ check, verdict }) => [check.id, verdict] as const);
  return { at: now(), kind, version, verdicts, tried };
}

async function askKind({ answer, say }: Prompter): Promise<TenantKind | null> {
  say('');
  for (const [index, kind] of TENANT_KINDS.entries()) say(`  ${index + 1}  ${kind}`);
  for (;;) {
    const line = await answer('Which kind of tenant is it? ');
    if (line === null || line === 'q') return null;
    const kind = TENANT_KINDS[Number(line) - 1] ?? TENANT_KINDS.find((each) => each === line);
    if (kind !== undefined) return kind;
  }
}
