import { setTimeout as passed } from 'node:timers/promises';
import type { User } from '../../local/op/op.ts';
import { type Browser, locationOf } from '../http/support/browser.ts';
import { finish, goToCallback } from '../http/support/sign-in.ts';
import type { Answer } from '../http/support/wire.ts';
import type { RunningApp } from '../http/support/world.ts';
import { Unanswered } from './fleet.ts';

/** How often a person gets an answer that is no good before we call them stuck. */
const REFUSALS_MAX = 4;
/** More kills than this never meet one request. */
const KILLS_MAX = 50;
const PRESS_AGAIN_MILLISECONDS = 250;

/** What a person does whose request was not answered, or not well: the same again. */
export async function insist<T>(
  what: string,
  attempt: () => Promise<T>,
  isGood: (answer: T) => boolean,
  onUnanswered: () => void = () => {},
): Promise<T> {
  const refusals: unknown[] = [];
  for (let kills = 0; kills < KILLS_MAX; ) {
    try {
      const answer = await attempt();
      if (isGood(answer)) return answer;
      refusals.push((answer as { status?: number }).status);
      if (refusals.length >= REFUSALS_MAX) break;
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      onUnanswered();
      kills += 1;
    }
    await passed(PRESS_AGAIN_MILLISECONDS);
  }
  throw new Error(`stuck: ${what} was answered ${refusals.join(', ') || 'never'}`);
}

/** Signs in from the beginning, as often as it takes. */
export function enter(browser: Browser, app: RunningApp, person: User): Promise<Answer> {
  return insist(
    'a sign-in',
    async () => finish(browser, app, person, await goToCallback(browser, app, person)),
    (answer) => locationOf(answer)?.origin === app.origin,
  );
}
