import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { type Caller, signedInCaller } from '../../support/api-calls.ts';
import { downstreamApi } from '../../support/downstream-api.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { type ScriptedTokenClient, scriptedCache } from '../../support/scripted-token-client.ts';
import { signIn } from '../../support/signins.ts';
import type { TestStore } from '../../support/store.ts';

const OWN = downstreamApi({ name: 'own', token: 'application', scopes: ['api://own/.default'] });
const BARE = downstreamApi({ name: 'bare', token: 'none', scopes: [] });
const OPEN = { session: 'none' } as const;

let store: TestStore;
let tokens: ScriptedTokenClient;
let caller: Caller;
let ticket: SessionTicket;
beforeEach(async () => {
  ({ store, tokens, caller, ticket } = await signedInCaller());
});
const authorization = () => caller.sent.at(-1)?.headers.authorization;
const ANSWERED = { outcome: 'answered', status: 200 };

describe('an API that is sent the application’s own token', () => {
  it('is sent it, whoever calls, and nothing of the person’s', async () => {
    expect(await caller.call(ticket, OWN)).toMatchObject(ANSWERED);
    expect(authorization()).toBe('Bearer own-token-1');
    const other = await signIn(store, { cache: scriptedCache() });
    expect(await caller.call(other, OWN)).toMatchObject(ANSWERED);
    expect(authorization()).toBe('Bearer own-token-1');
    expect([tokens.ownRedemptions(), tokens.redemptions()]).toEqual([1, 0]);
  });

  it('is called by those who are signed in alone, read live in the same request', async () => {
    expect(await caller.call(null, OWN)).toMatchObject({ code: 'session_required' });
    await caller.call(ticket, OWN);
    await signOutOwn(store, ticket, store.ambient.now(), 'account');
    expect(await caller.call(ticket, OWN)).toMatchObject({ code: 'session_required' });
    expect(caller.sent).toHaveLength(1);
  });

  it('is not called for somebody for whom the OP vouches no more', async () => {
    await caller.call(ticket, OWN);
    store.ambient.advance(HOUR - MINUTE);
    tokens.failure = { outcome: 'grant-dead', reason: 'invalid_grant' };
    // Beside this one the OP is asked; the next is told.
    await caller.call(ticket, OWN);
    await new Promise(setImmediate);
    expect(await caller.call(ticket, OWN)).toMatchObject({ code: 'session_required' });
  });

  it('is not called before the OP has vouched anew for somebody who was long away', async () => {
    store.ambient.advance(50 * MINUTE);
    await caller.call(ticket, BARE);
    store.ambient.advance(50 * MINUTE);
    tokens.failure = { outcome: 'op-unavailable', reason: 'network_error' };
    expect(await caller.call(ticket, OWN)).toMatchObject({ code: 'op_unavailable' });
    expect(await caller.call(ticket, BARE)).toMatchObject({ code: 'op_unavailable' });
    expect(caller.sent).toHaveLength(1);
    tokens.failure = undefined;
    expect(await caller.call(ticket, OWN)).toMatchObject(ANSWERED);
  });

  it('that takes the token no longer is sent another, once', async () => {
    await caller.call(ticket, OWN);
    const discard = () => {};
    caller.respond = ({ headers }) => ({
      ...caller.answer,
      status: headers.authorization === 'Bearer own-token-1' ? 401 : 200,
      discard,
    });
    expect(await caller.call(ticket, OWN)).toMatchObject(ANSWERED);
    caller.respond = () => ({ ...caller.answer, status: 401, discard });
    for (let calls = 0; calls < 3; calls += 1) {
      expect(await caller.call(ticket, OWN)).toMatchObject({ outcome: 'answered', status: 401 });
    }
    expect(tokens.ownRedemptions()).toBe(3);
  });

  it.each([
    ['is down', 'op-unavailable', 'op_unavailable'],
    ['refuses', 'op-refused', 'op_refused'],
    ['wants a person', 'interaction-required', 'op_refused'],
  ] as const)('is not called where the OP %s', async (_what, outcome, code) => {
    tokens.failure = { outcome, reason: 'reason' };
    expect(await caller.call(ticket, OWN)).toEqual({ outcome: 'refused', code, reason: 'reason' });
    expect(caller.sent).toHaveLength(0);
  });
});

describe('an API that is sent no token', () => {
  it('is sent none', async () => {
    expect(await caller.call(ticket, BARE)).toMatchObject(ANSWERED);
    expect(caller.sent[0]?.headers).not.toHaveProperty('authorization');
    expect([tokens.ownRedemptions(), tokens.redemptions()]).toEqual([0, 0]);
  });

  it('is called by those who are signed in alone', async () => {
    expect(await caller.call(null, BARE)).toMatchObject({ code: 'session_required' });
    await signOutOwn(store, ticket, store.ambient.now(), 'account');
    expect(await caller.call(ticket, BARE)).toMatchObject({ code: 'session_required' });
    expect(caller.sent).toHaveLength(0);
  });

  it('has its 401 heard', async () => {
    caller.respond = () => ({ ...caller.answer, status: 401 });
    expect(await caller.call(ticket, BARE)).toMatchObject({ outcome: 'answered', status: 401 });
    expect(caller.sent).toHaveLength(1);
  });
});

describe('an API that may be called without a session', () => {
  it.each([
    [{ ...OWN, ...OPEN }, 'Bearer own-token-1'],
    [{ ...BARE, ...OPEN }, undefined],
  ])('is, and nothing is read of whoever has one', async (api, expected) => {
    store.tables.accounts.read = () => Promise.reject(new Error('a session was read'));
    expect(await caller.call(null, api)).toMatchObject(ANSWERED);
    expect(await caller.call(ticket, api)).toMatchObject(ANSWERED);
    expect(authorization()).toBe(expected);
  });
});
