import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { type Caller, createCaller, signedInCaller } from '../../support/api-calls.ts';
import { type ScriptedTokenClient, scriptedCache } from '../../support/scripted-token-client.ts';
import { signIn } from '../../support/signins.ts';
import { recordOperations, type TestStore } from '../../support/store.ts';

const CALLS = 100;
/** What a refresh takes of storage: a look, the lease, the new tokens. */
const REFRESH_OPERATIONS = 3;

let store: TestStore;
let tokens: ScriptedTokenClient;
let caller: Caller;
let ticket: SessionTicket;
beforeEach(async () => {
  ({ store, tokens, caller, ticket } = await signedInCaller());
});

const callsOf = (instance: Caller, count: number, of = ticket) =>
  Promise.all(Array.from({ length: count }, () => instance.call(of)));
const eventsOf = ({ logged }: Caller) => logged.map(({ event }) => event);

describe(`${CALLS} calls at once of one session that has no token, in one instance`, () => {
  it('each read the session, and share one refresh', async () => {
    const operations = recordOperations(store);
    for (const answer of await callsOf(caller, CALLS)) expect(answer).toMatchObject({ status: 200 });
    expect(tokens.redemptions()).toBe(1);
    expect(operations).toHaveLength(CALLS + REFRESH_OPERATIONS);
    expect(new Set(caller.sent.map(({ headers }) => headers.authorization)).size).toBe(1);
    expect(eventsOf(caller)).toEqual(['token.refreshed']);
  });

  it('share an OP that does not answer, and the next call asks it again', async () => {
    tokens.failure = { outcome: 'op-unavailable', reason: '503' };
    for (const answer of await callsOf(caller, CALLS)) expect(answer).toMatchObject({ code: 'op_unavailable' });
    expect(tokens.redemptions()).toBe(1);
    expect(eventsOf(caller)).toEqual(['refresh.failed']);
    tokens.failure = undefined;
    expect(await caller.call(ticket)).toMatchObject({ status: 200 });
  });

  it('are all refused where the session is signed out meanwhile, and nothing is sent', async () => {
    tokens.during = () => signOutOwn(store, ticket, store.ambient.now(), 'account');
    for (const answer of await callsOf(caller, CALLS)) expect(answer).toMatchObject({ code: 'session_required' });
    expect(caller.sent).toEqual([]);
  });

  it('while another instance refreshes, look for it together', async () => {
    const other = createCaller(store, tokens);
    const waiting = Promise.withResolvers<readonly unknown[]>();
    tokens.during = async () => {
      waiting.resolve(callsOf(caller, CALLS));
      await store.ambient.sleep(2_000);
    };
    const operations = recordOperations(store);
    await other.call(ticket);
    for (const answer of await waiting.promise) expect(answer).toMatchObject({ status: 200 });
    expect(tokens.redemptions()).toBe(1);
    expect(operations.length).toBeLessThan(1 + REFRESH_OPERATIONS + CALLS + 20);
  });
});

describe('calls that do not share', () => {
  it('are those of different sessions', async () => {
    const other = await signIn(store, { sid: 'sid-2', cache: scriptedCache() });
    await Promise.all([caller.call(ticket), caller.call(other)]);
    expect(tokens.redemptions()).toBe(2);
  });

  it('is one with a cookie that is not the session’s', async () => {
    const operations = recordOperations(store);
    const answers = await Promise.all([caller.call(ticket), caller.call({ ...ticket, secret: 'another' })]);
    expect(answers).toMatchObject([{ status: 200 }, { code: 'session_required' }]);
    expect(operations).toHaveLength(2 + REFRESH_OPERATIONS);
  });
});
