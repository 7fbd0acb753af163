import { beforeEach, describe, expect, it } from '@jest/globals';
import type { IndexKey } from '../../../shared/account/index-key.ts';
import { describeStanding } from '../../../shared/operator/describe.ts';
import { whatStands } from '../../../shared/operator/standing.ts';
import { checkSession } from '../../../shared/session/check.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { sweep } from '../../../shared/sweep/sweep.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, createTestStore, type TestStore } from '../../support/store.ts';

const IDLE_MINUTES = 60;

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

/** What an operator is shown of Alice's sessions, the oldest first: when each was signed in, and whether it is in force. */
async function look(instance: TestStore): Promise<readonly (readonly [signedInAt: number, inForce: unknown])[]> {
  const standing = await whatStands(instance, { kind: 'account', account: ALICE, index: '' as IndexKey });
  if (standing.outcome !== 'standing') throw new Error(standing.reason);
  const { accounts } = describeStanding(standing, instance, IDLE_MINUTES);
  return accounts
    .flatMap(({ sessions }) => sessions)
    .map(({ signedInAt, inForce }) => [Date.parse(signedInAt), inForce] as const)
    .toSorted(([one], [other]) => one - other);
}

const isLive = async (instance: TestStore, ticket: SessionTicket): Promise<boolean> =>
  (await checkSession(instance, ticket, IDLE_MINUTES)).outcome === 'live';

describe('an operator’s look', () => {
  it('tells what SESSIONS_NOT_BEFORE refuses from what is in force, until the sweep has taken it', async () => {
    const times = [store.ambient.now()];
    const old = await signIn(store);
    store.ambient.advance(MINUTE);
    const told = { ...store, sessionsNotBefore: store.ambient.now() };
    store.ambient.advance(MINUTE);
    times.push(store.ambient.now());
    const young = await signIn(store);
    expect([await isLive(told, old), await isLive(told, young)]).toEqual([false, true]);
    expect(await look(told)).toEqual([
      [times[0], false],
      [times[1], true],
    ]);
    expect((await look(store)).map(([, inForce]) => inForce)).toEqual([true, true]);
    await sweep(told);
    expect(await look(told)).toEqual([[times[1], true]]);
  });

  it.each([
    ['its idle end', IDLE_MINUTES * MINUTE],
    ['its absolute end', 8 * HOUR],
  ])('tells what is past %s, and not taken by the sweep as yet', async (_, after) => {
    const ticket = await signIn(store);
    store.ambient.advance(IDLE_MINUTES * MINUTE - 1);
    expect((await look(store)).map(([, inForce]) => inForce)).toEqual([true]);
    store.ambient.advance(after);
    expect(await isLive(store, ticket)).toBe(false);
    expect((await look(store)).map(([, inForce]) => inForce)).toEqual([false]);
  });
});
