import type { Ask } from './ask.ts';
import { askAll, type Wanted } from './ask-all.ts';
import type { Asked } from './asked.ts';
import { doorsOf } from './checks/ready.ts';
import { settingsMistakes } from './checks/settings.ts';
import { CHECKS } from './checks.ts';
import { type Check, type Finding, unknown } from './finding.ts';
import { type Answered, objectIn, type Reply, redirectIn } from './reply.ts';

/** One line of a diagnosis. */
export interface Judged extends Finding {
  readonly check: Pick<Check, 'id' | 'doc'>;
}

export type Diagnosis =
  | { readonly outcome: 'asked'; readonly at: number; readonly judged: readonly Judged[] }
  /** Nothing could be judged. */
  | { readonly outcome: 'cannot-be-asked'; readonly at: number; readonly reason: string };

/** Looks at an application once. */
export async function examine(ask: Ask, wanted: Wanted): Promise<Diagnosis> {
  const alive = await ask(`${wanted.origin}/health`);
  const at = Date.now();
  const reason = noExeunt(alive, wanted.origin);
  if (reason !== null || alive.kind !== 'answered') {
    return { outcome: 'cannot-be-asked', at, reason: reason ?? 'It did not answer.' };
  }
  const asked = await askAll(ask, wanted, alive);
  return { outcome: 'asked', at: asked.at, judged: judge(asked) };
}

/** What the checks find; those are left out that are not of what runs there. */
export function judge(asked: Asked): Judged[] {
  const isSetUp = settingsMistakes(asked) === null;
  const checks = runsDirectoryAlone(asked) ? CHECKS.filter((check) => check.of !== 'web') : CHECKS;
  return checks.map((check) => {
    const { id, doc } = check;
    const isToJudge = isSetUp || check.of === 'platform';
    return { check: { id, doc }, ...(isToJudge ? check.judge(asked) : unknown('See `settings`.')) };
  });
}

/** `APPLICATION_PART=directory`: nobody signs in there. */
function runsDirectoryAlone({ ready }: Asked): boolean {
  const doors = ready.kind === 'answered' ? doorsOf(objectIn(ready)?.doors) : null;
  return doors?.join() === 'directory';
}

/** Why what answers at an address is no Exeunt, or none that can be asked; null where it is one. */
export function noExeunt(alive: Reply, origin: string): string | null {
  if (alive.kind === 'unanswered') return `${origin} cannot be reached: ${alive.reason}.`;
  const elsewhere = redirectIn(alive);
  if (elsewhere !== null) {
    const where = elsewhere.origin === origin ? 'another path' : elsewhere.origin;
    return `${origin} sends everybody on to ${where}. Give the address at which the application itself answers; if that is this one, something in front of it asks people to sign in, or redirects.`;
  }
  if (isAlive(alive)) return null;
  if (alive.status >= 500) {
    return `${origin} answers ${alive.status} to /health: the function app does not run, or what stands in front does not reach it. Its log says why.`;
  }
  if (alive.status === 401 || alive.status === 403) {
    return `${origin} answers ${alive.status} to /health: something in front of the application lets nobody in (EasyAuth, a firewall, access restrictions). Ask from where people come.`;
  }
  return `What answers at ${origin} is not Exeunt: /health says ${alive.status}, and not that it is alive.`;
}

const isAlive = (reply: Answered): boolean => reply.status === 200 && objectIn(reply)?.status === 'alive';
