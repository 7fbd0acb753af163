import type { Look, Standing } from './operator.ts';
import type { Scenario } from './scenario.ts';

/** The person at the terminal, and the clock. */
export interface Prompter {
  say(line: string): void;
  /** Their line, trimmed; null where there is nobody any more. */
  answer(question: string): Promise<string | null>;
  /** Milliseconds. */
  monotonic(): number;
  pause(milliseconds: number): Promise<void>;
}

export type Outcome = 'holds' | 'does not hold' | 'not tried';

export interface Tried {
  readonly scenario: Pick<Scenario, 'id' | 'title'>;
  readonly outcome: Outcome;
  /** Who saw it; null where it was not tried. */
  readonly seenBy: 'machine' | 'person' | null;
  /** From when the person said that it was done, until the machine saw it; null otherwise. */
  readonly seconds: number | null;
}

const LOOK_EVERY_MILLISECONDS = 1_000;
/** What stands for an object id at Entra ID, and nothing that could lead elsewhere in a path. */
const OBJECT_ID = /^[\w.-]{1,128}$/;

/**
 * Leads a person through one scenario, and looks by the operator door where there is one.
 *
 * @param look null where no operator token is to be had
 * @returns null where the person wants to end here
 */
export async function tryScenario(prompter: Prompter, scenario: Scenario, look: Look | null): Promise<Tried | null> {
  const { say, answer } = prompter;
  const tried = (outcome: Outcome, seenBy: Tried['seenBy'] = null, seconds: number | null = null): Tried => {
    const { id, title } = scenario;
    return { scenario: { id, title }, outcome, seenBy, seconds };
  };
  say('');
  say(`${scenario.id}: ${scenario.title}`);
  for (const [index, step] of scenario.steps.entries()) say(`  ${index + 1}. ${step}`);
  const isLooking = look !== null && scenario.afterwards !== undefined;
  const objectId = isLooking ? await answer('Object id of the person, to look by machine (empty: you look): ') : '';
  const done = objectId === null ? null : await answer('Enter when it is done, s to leave it out, q to end: ');
  if (done === null || done === 'q') return null;
  if (done === 's') return tried('not tried');
  if (isLooking && objectId !== null && OBJECT_ID.test(objectId)) {
    const seen = await lookUntil(prompter, () => look(objectId), scenario.afterwards);
    if (seen.account !== 'unseen') {
      const seconds = seen.holds ? seen.seconds : null;
      say(`  seen by machine: the account ${seen.account === 'gone' ? 'is gone' : 'stands'}`);
      return tried(seen.holds ? 'holds' : 'does not hold', 'machine', seconds);
    }
    say(`  The machine sees nothing: ${seen.reason}.`);
  }
  for (;;) {
    const line = await answer(`${scenario.question} y, n, or s to leave it out: `);
    if (line === null || line === 'q') return null;
    if (line === 's') return tried('not tried');
    if (line === 'y' || line === 'n') return tried(line === 'y' ? 'holds' : 'does not hold', 'person');
  }
}

type Seen = { readonly account: 'stands' | 'gone'; readonly holds: boolean; readonly seconds: number };

/** Looks until the account is as it has to be, or time is up. */
async function lookUntil(
  { monotonic, pause }: Prompter,
  look: () => Promise<Standing>,
  { account, withinSeconds }: NonNullable<Scenario['afterwards']>,
): Promise<Seen | Extract<Standing, { account: 'unseen' }>> {
  const startedAt = monotonic();
  for (;;) {
    const standing = await look();
    if (standing.account === 'unseen') return standing;
    const seconds = (monotonic() - startedAt) / 1_000;
    const holds = standing.account === account;
    if (holds || seconds >= withinSeconds) return { account: standing.account, holds, seconds };
    await pause(LOOK_EVERY_MILLISECONDS);
  }
}
