import { beforeEach, describe, expect, it } from '@jest/globals';
import { checkSession } from '../../../shared/session/check.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { REFRESH_PAUSE_MILLISECONDS } from '../../../shared/tokens/refresh-ahead.ts';
import type { TokenFailure } from '../../../shared/tokens/token-client.ts';
import { type Caller, createCaller } from '../../support/api-calls.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { type ScriptedTokenClient, scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, createTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let tokens: ScriptedTokenClient;
let caller: Caller;
let ticket: SessionTicket;
let atOp: PromiseWithResolvers<void>;
let answered: PromiseWithResolvers<void>;
/** A session whose token is good for three minutes more, and an OP that answers when it is told to. */
beforeEach(async () => {
  store = createTestStore();
  tokens = scriptedTokenClient(store.ambient);
  caller = createCaller(store, tokens);
  ticket = await signIn(store, { cache: scriptedCache() });
  await caller.call(ticket);
  store.ambient.advance(HOUR - 3 * MINUTE);
  [atOp, answered] = [Promise.withResolvers(), Promise.withResolvers()];
  tokens.during = async () => {
    atOp.resolve();
    await answered.promise;
  };
});

/** Lets the OP answer, and what follows from that happen. */
async function finish(): Promise<void> {
  await atOp.promise;
  answered.resolve();
  await store.ambient.sleep(1);
}
const OP_DOWN: TokenFailure = { outcome: 'op-unavailable', reason: 'network_error' };

describe('a call with a token that is due and still good', () => {
  it('is sent with it at once, and the refresh goes on beside it', async () => {
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'answered' });
    expect(caller.lastToken()).toBe('access-token-1');
    await finish();
    await caller.call(ticket);
    expect(caller.lastToken()).toBe('access-token-2');
    expect(caller.logged.map(({ event }) => event)).toEqual(['token.refreshed', 'token.refreshed']);
  });

  it('begins one refresh, however many there are, in one instance or in ten', async () => {
    const callers = [caller, ...Array.from({ length: 9 }, () => createCaller(store, tokens))];
    const answers = await Promise.all(callers.flatMap((one) => [one.call(ticket), one.call(ticket)]));
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(20).fill('answered'));
    for (const { sent } of callers) {
      expect(sent.at(-1)?.headers.authorization).toBe('Bearer access-token-1');
    }
    await finish();
    await store.ambient.sleep(MINUTE / 4);
    expect(tokens.redemptions()).toBe(2);
  });

  it('begins one where the OP says that it would rather give a new one', async () => {
    tokens = scriptedTokenClient(store.ambient);
    tokens.during = async () => atOp.resolve();
    caller = createCaller(store, tokens);
    const [obtainedAt, expiresAt] = [store.ambient.now(), store.ambient.now() + HOUR];
    const refreshAt = obtainedAt + HOUR / 2;
    const token = { token: 'access-token-0', obtainedAt, expiresAt, refreshAt };
    ticket = await signIn(store, { cache: scriptedCache(token) });
    store.ambient.advance(HOUR / 2 - 1);
    await caller.call(ticket);
    expect(tokens.redemptions()).toBe(0);
    store.ambient.advance(1);
    await caller.call(ticket);
    expect(caller.lastToken()).toBe('access-token-0');
    await finish();
    expect(tokens.redemptions()).toBe(1);
  });

  it('begins none, and waits for none, while another instance is at the OP: one read, as ever', async () => {
    await createCaller(store, tokens).call(ticket);
    await atOp.promise;
    const seen: string[] = [];
    store.tables.before = ({ name }) => void seen.push(name);
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'answered' });
    await store.ambient.sleep(1);
    expect(seen).toEqual(['read']);
    await finish();
  });

  it('begins none when nobody has to be asked: another instance has refreshed it', async () => {
    await createCaller(store, tokens).call(ticket);
    await finish();
    await caller.call(ticket);
    await store.ambient.sleep(1);
    await caller.call(ticket);
    expect(caller.lastToken()).toBe('access-token-2');
    expect(tokens.redemptions()).toBe(2);
  });
});

describe('a refresh beside a call that', () => {
  it('the OP does not answer asks it once in a pause, and costs no call its answer', async () => {
    tokens.during = undefined;
    tokens.failure = OP_DOWN;
    for (let calls = 0; calls < 10; calls += 1) {
      expect(await caller.call(ticket)).toMatchObject({ outcome: 'answered' });
      await store.ambient.sleep(1);
    }
    expect(tokens.redemptions()).toBe(2);
    expect(caller.logged.at(-1)).toEqual({
      event: 'refresh.failed',
      api: 'graph',
      code: 'op_unavailable',
      reason: 'network_error',
    });
    tokens.failure = undefined;
    await store.ambient.sleep(REFRESH_PAUSE_MILLISECONDS);
    await caller.call(ticket);
    await store.ambient.sleep(1);
    await caller.call(ticket);
    expect(caller.lastToken()).toBe('access-token-2');
  });

  it('the OP does not answer leaves the session as long as its calls come: they renew it', async () => {
    tokens.during = undefined;
    tokens.failure = OP_DOWN;
    const before = store.ambient.now();
    await caller.call(ticket);
    const checked = await checkSession(store, ticket, 60);
    expect(checked).toMatchObject({ session: { record: { lastUsedAt: before } } });
  });

  it('the OP answers “the person is wanted” keeps the session, and its token while that is good', async () => {
    tokens.failure = { outcome: 'interaction-required', reason: 'interaction_required' };
    await caller.call(ticket);
    await finish();
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'answered' });
    expect(accountProperties(store, ALICE)).not.toBeNull();
  });

  it('finds the refresh token dead ends the session, and says so', async () => {
    tokens.failure = { outcome: 'grant-dead', reason: 'invalid_grant' };
    await caller.call(ticket);
    await finish();
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(caller.logged.at(-1)).toEqual({
      event: 'session.ended',
      account: store.keyring.pseudonym(ALICE),
      reason: 'refresh-token-dead',
    });
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'refused', code: 'session_required' });
  });

  it('a sign-out overtakes writes nothing back', async () => {
    await caller.call(ticket);
    await atOp.promise;
    await signOutOwn(store, ticket, store.ambient.now(), 'account');
    await finish();
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'refused', code: 'session_required' });
    expect(caller.sent).toHaveLength(2);
  });

  it('meets a bug tells the log where, and nothing is left unhandled', async () => {
    tokens.during = () => Promise.reject(new TypeError('quotes a token'));
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'answered' });
    await store.ambient.sleep(1);
    expect(caller.logged.at(-1)).toMatchObject({ event: 'error', name: 'TypeError' });
    expect(JSON.stringify(caller.logged)).not.toContain('quotes a token');
  });
});
