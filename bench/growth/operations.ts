import { accountKey } from '../../shared/account/account-key.ts';
import { leave } from '../../shared/signout/leave.ts';
import { createCaller } from '../../test/support/api-calls.ts';
import { scriptedCache } from '../../test/support/scripted-token-client.ts';
import { signIn } from '../../test/support/signins.ts';
import { CLIENT_ID } from '../../test/support/store.ts';
import { spreadOf } from '../measure/percentiles.ts';
import type { Crowd } from './crowd.ts';

export const OPERATIONS = ['sign-in', 'refresh', 'hot call', 'sign-out'] as const;

/** Milliseconds of each. */
export type Times = Readonly<Record<(typeof OPERATIONS)[number], number>>;

const PEOPLE = 5;
const CALLS = 20;

/** Of people who come to have that many sessions each; the median of a few. */
export async function timesOf(crowd: Crowd, sessions: number): Promise<Times> {
  const each: Times[] = [];
  while (each.length < PEOPLE) each.push(await timesOfOne(crowd, sessions));
  const median = (operation: keyof Times) => spreadOf(each.map((times) => times[operation])).median;
  return {
    'sign-in': median('sign-in'),
    refresh: median('refresh'),
    'hot call': median('hot call'),
    'sign-out': median('sign-out'),
  };
}

async function timesOfOne({ store, next }: Crowd, sessions: number): Promise<Times> {
  const name = next();
  const account = accountKey(name, CLIENT_ID);
  const cache = scriptedCache();
  for (let session = 1; session < sessions; session += 1)
    await signIn(store, { account, sid: `${name} ${session}`, cache });
  const caller = createCaller(store);
  const call = async () => {
    for await (const part of (await answered()).body ?? []) void part;
  };
  const answered = async () => {
    const answer = await caller.call(ticket);
    if (answer.outcome !== 'answered') throw new Error(`a call was answered ${answer.outcome}`);
    return answer;
  };

  const [signInTime, ticket] = await timed(() => signIn(store, { account, sid: name, cache }));
  const [refresh] = await timed(call);
  const [calls] = await timed(async () => {
    for (let at = 0; at < CALLS; at += 1) await call();
  });
  const [signOut, left] = await timed(() => leave(caller.application, ticket, store.ambient.now()));
  if (left.outcome !== 'left') throw new Error(`a sign-out came to ${left.outcome}`);
  return { 'sign-in': signInTime, refresh, 'hot call': calls / CALLS, 'sign-out': signOut };
}

/** Milliseconds that it took, and what it came to. */
async function timed<T>(run: () => Promise<T>): Promise<[number, T]> {
  const began = performance.now();
  const came = await run();
  return [performance.now() - began, came];
}
