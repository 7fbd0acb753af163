import { beforeEach, describe, expect, it } from '@jest/globals';
import { createAccountCodec, leaseProperty } from '../../../shared/account/account.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { type Caller, createCaller, GRAPH } from '../../support/api-calls.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { type ScriptedTokenClient, scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, createTestStore, failing, type TestStore } from '../../support/store.ts';

const INTERVAL = HOUR;
let store: TestStore;
let tokens: ScriptedTokenClient;
let caller: Caller;
let ticket: SessionTicket;
/** A session whose access token lives all day: only the interval makes anybody ask the OP. */
beforeEach(async () => {
  store = createTestStore();
  tokens = scriptedTokenClient(store.ambient);
  caller = createCaller(store, tokens);
  const obtainedAt = store.ambient.now();
  const token = { token: 'access-token-0', obtainedAt, expiresAt: obtainedAt + 24 * HOUR };
  ticket = await signIn(store, { cache: scriptedCache(token) });
});

/** Time in which the session is in use, so that it does not go idle. */
async function inUse(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 10 * MINUTE) {
    await caller.call(ticket);
    store.ambient.advance(Math.min(left, 10 * MINUTE));
  }
}

describe('a session in use', () => {
  it('is not confirmed before its time: a call is one read and no write', async () => {
    await caller.call(ticket);
    store.ambient.advance(MINUTE);
    const seen: string[] = [];
    store.tables.before = ({ name }) => void seen.push(name);
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'answered' });
    expect(seen).toEqual(['read']);
    expect(tokens.redemptions()).toBe(0);
  });

  it('is confirmed beside a call shortly before the interval is over, and nobody waits', async () => {
    await inUse(0.9 * INTERVAL);
    const hold = Promise.withResolvers<void>();
    tokens.during = () => hold.promise;
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'answered' });
    expect(caller.lastToken()).toBe('access-token-0');
    hold.resolve();
    await store.ambient.sleep(1);
    store.ambient.advance(0.2 * INTERVAL);
    await caller.call(ticket);
    expect(tokens.redemptions()).toBe(1);
  });

  it('whose user is revoked at the OP is out at the first call past the interval, good as its token is', async () => {
    await inUse(45 * MINUTE);
    tokens.failure = { outcome: 'grant-dead', reason: 'invalid_grant' };
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'answered' });
    store.ambient.advance(INTERVAL - 45 * MINUTE);
    const sent = caller.sent.length;
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'refused', code: 'session_required' });
    expect(caller.sent).toHaveLength(sent);
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(caller.logged).toContainEqual({
      event: 'session.ended',
      account: store.keyring.pseudonym(ALICE),
      reason: 'refresh-token-dead',
    });
  });

  it('is confirmed by any refresh: the interval counts from the last one, whatever it was for', async () => {
    await inUse(50 * MINUTE);
    const mail = { ...GRAPH, name: 'mail', scopes: ['Mail.Read'] };
    tokens.fromCache = (_, scopes) => (scopes.includes('Mail.Read') ? null : { ...DAY_TOKEN, obtainedAt: 0 });
    await caller.call(ticket, mail);
    expect(tokens.redemptions()).toBe(1);
    store.ambient.advance(20 * MINUTE);
    await caller.call(ticket);
    expect(tokens.redemptions()).toBe(1);
  });
});

const DAY_TOKEN = { token: 'access-token-0', obtainedAt: 0, expiresAt: Number.MAX_SAFE_INTEGER };

describe('past the interval', () => {
  /** The session was last used ten minutes ago. */
  beforeEach(async () => {
    const { refreshes } = caller.application;
    // Nothing was confirmed beside the calls before: this is about those that have to wait.
    caller.application = { ...caller.application, refreshes: { begin: () => false } };
    await inUse(INTERVAL);
    caller.application = { ...caller.application, refreshes };
  });

  it('a call waits for the OP, and is sent with the new token', async () => {
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'answered' });
    expect(caller.lastToken()).toBe('access-token-1');
  });

  it('a hundred calls over four instances ask the OP once', async () => {
    tokens.during = () => store.ambient.sleep(1_000);
    const callers = [caller, ...Array.from({ length: 3 }, () => createCaller(store, tokens))];
    const calls = Array.from({ length: 25 }, () => callers.map((one) => one.call(ticket)));
    for (const answer of await Promise.all(calls.flat())) expect(answer).toMatchObject({ outcome: 'answered' });
    expect(tokens.redemptions()).toBe(1);
  });

  it.each([
    ['op-unavailable', 'op_unavailable'],
    ['op-refused', 'op_refused'],
    ['interaction-required', 'consent_required'],
  ] as const)('a call that the OP does not confirm (%s) is not sent, and the session stays', async (outcome, code) => {
    tokens.failure = { outcome, reason: 'reason' };
    const sent = caller.sent.length;
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'refused', code, reason: 'reason' });
    expect(caller.logged.at(-1)).toEqual({ event: 'refresh.failed', api: 'graph', code, reason: 'reason' });
    expect(caller.sent).toHaveLength(sent);
    expect(accountProperties(store, ALICE)).toContain(leaseProperty(ticket.sessionId));
    tokens.failure = undefined;
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'answered' });
  });

  it('a call is not sent where the OP’s metadata cannot be had', async () => {
    const get = async () => ({ outcome: 'op-unavailable' as const, reason: 'metadata-deadline' });
    caller.application = { ...caller.application, op: { get } };
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'refused', code: 'op_unavailable' });
  });

  it('a call is not sent where storage takes no lease', async () => {
    failing(store, { table: 'accounts', name: 'merge' });
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'refused', code: 'storage_unavailable' });
    expect(tokens.redemptions()).toBe(0);
  });

  it('an instance of the version before, which wrote a lease without a time, costs one more refresh', async () => {
    await caller.call(ticket);
    const [row] = store.tables.rows('accounts');
    if (!row) throw new Error('no account');
    const property = leaseProperty(ticket.sessionId);
    const place = { purpose: 'lease', subject: ticket.sessionId, location: ['accounts', ALICE, 'account', property] };
    const older = store.keyring.seal(
      place as Parameters<typeof store.keyring.seal>[0],
      Buffer.from('{"holder":"","until":0}'),
    );
    await store.tables.accounts.merge(row, { [property]: older }, row.etag);
    expect(await caller.call(ticket)).toMatchObject({ outcome: 'answered' });
    expect(tokens.redemptions()).toBe(2);
    const [again] = store.tables.rows('accounts');
    const lease = again && createAccountCodec(store.keyring, ALICE).openLease(again, ticket.sessionId);
    expect(lease).toMatchObject({ value: { redeemedAt: store.ambient.now() } });
  });
});
