import type { Browser } from '../../../http/support/browser.ts';
import type { Answer } from '../../../http/support/wire.ts';
import type { RunningApp } from '../../../http/support/world.ts';
import type { Ground } from '../ground.ts';
import { countSessions, storedAccount } from '../stored-account.ts';
import { readSession, settled, type Visitor } from '../visitor.ts';

/** Somebody before a door of the application. */
export interface Caller {
  readonly visitor: Visitor;
  /** How many sessions of the account are left on other devices when this person's OP session has ended. */
  readonly elsewhere: number;
  /** What storage requests about this call carry one of. */
  readonly marks: readonly string[];
  act(): Promise<Answer>;
  /** Where something goes on behind the answer: waits until it has got so far, and then until it has come to rest. */
  atRest?(soFar: () => boolean): Promise<void>;
  isDone(answer: Answer): boolean;
  /** What is not true of a success; nothing where all of it is. */
  doubtsOfSuccess(answer: Answer): Promise<readonly string[]>;
  /** What is not true of a refusal, or does not work after it. */
  doubtsOfRefusal(answer: Answer): Promise<readonly string[]>;
}

export interface Door {
  readonly name: string;
  /** Which faults are tried: all, or, where another door makes the same calls, those that differ. */
  readonly meets: 'all' | 'unheard-effects';
  /** Brings a new person to it. */
  approach(ground: Ground): Promise<Caller>;
}

/** The sentences whose condition does not hold. */
export const unless = (...claims: readonly (readonly [holds: boolean, otherwise: string])[]): string[] =>
  claims.filter(([holds]) => !holds).map(([, otherwise]) => otherwise);

/** That a browser is signed out in its application, told by what that answers. */
export async function isOut(app: RunningApp, browser: Browser): Promise<readonly [holds: boolean, otherwise: string]> {
  const status = await settled(() => readSession(app, browser));
  return [status === 401, `the session is answered ${status}`];
}

export const sessionsOf = async ({ storage }: Ground, { account }: Visitor): Promise<number> =>
  countSessions(await storedAccount(storage, account));
