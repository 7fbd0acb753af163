import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { type Caller, signedInCaller } from '../../support/api-calls.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import type { ScriptedTokenClient } from '../../support/scripted-token-client.ts';
import { ALICE, accountProperties, type TestStore } from '../../support/store.ts';

let store: TestStore;
let tokens: ScriptedTokenClient;
let caller: Caller;
let ticket: SessionTicket;
beforeEach(async () => {
  ({ store, tokens, caller, ticket } = await signedInCaller());
});

const call = () => caller.call(ticket);
const withOp = (get: Caller['application']['op']['get']) => {
  caller.application = { ...caller.application, op: { get } };
};

describe('a call of an API', () => {
  it('is sent with a token of the session that made it', async () => {
    expect(await call()).toMatchObject({ outcome: 'answered', status: 200 });
    expect(caller.sent).toMatchObject([{ method: 'GET', url: 'https://api.example/me?a=b' }]);
    expect(caller.lastToken()).toBe('access-token-1');
    expect(caller.logged).toMatchObject([{ event: 'token.refreshed', account: store.keyring.pseudonym(ALICE) }]);
  });

  it('whose token is in memory needs nothing of the OP', async () => {
    await call();
    withOp(() => Promise.reject(new Error('the OP was asked')));
    expect(await call()).toMatchObject({ outcome: 'answered' });
  });

  it('waits for another where the token in memory has too little left', async () => {
    await call();
    store.ambient.advance(HOUR - MINUTE);
    await call();
    expect(caller.lastToken()).toBe('access-token-2');
  });

  it('keeps a session in use that is called only once in a token’s life', async () => {
    for (let calls = 0; calls < 4; calls += 1) {
      store.ambient.advance(HOUR - 1_000);
      expect(await call()).toMatchObject({ outcome: 'answered' });
    }
  });

  it.each([1, 5, 6, 10])(
    'keeps a session in use however short its idle time is: %d minutes',
    async (sessionIdleMinutes) => {
      const { application } = caller;
      caller.application = { ...application, settings: { ...application.settings, sessionIdleMinutes } };
      for (let calls = 0; calls < 20; calls += 1) {
        expect(await call()).toMatchObject({ outcome: 'answered' });
        store.ambient.advance((sessionIdleMinutes * MINUTE) / 2);
      }
      store.ambient.advance(sessionIdleMinutes * MINUTE);
      expect(await call()).toMatchObject({ outcome: 'refused', code: 'session_required' });
    },
  );

  it('whose session was signed out is refused though its token is in memory', async () => {
    await call();
    await signOutOwn(store, ticket, store.ambient.now(), 'account');
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'session_required' });
    expect(caller.sent).toHaveLength(1);
  });

  it('without a token in memory is refused while the OP cannot be had', async () => {
    withOp(async () => ({ outcome: 'op-unavailable', reason: 'metadata-deadline' }));
    expect(await call()).toEqual({ outcome: 'refused', code: 'op_unavailable', reason: 'metadata-deadline' });
    expect(caller.sent).toEqual([]);
  });
});

describe('an answer of the API', () => {
  const answer = async (status: number, headers = {}) => {
    let isLetGo = false;
    caller.answer = { ...caller.answer, status, headers, discard: () => (isLetGo = true) };
    return { answered: await call(), isLetGo };
  };

  it.each([204, 205, 304])('that can have no content is let go of at once, and comes without: %d', async (status) => {
    const { answered, isLetGo } = await answer(status, { etag: '"v1"', 'content-length': '2' });
    expect(answered).toMatchObject({ outcome: 'answered', status, body: null, headers: { etag: '"v1"' } });
    expect(isLetGo).toBe(true);
  });

  it('of 205 does not say that content comes, for which everybody would wait', async () => {
    expect(await answer(205, { 'content-length': '2' })).not.toHaveProperty('answered.headers.content-length');
    expect(await answer(304, { 'content-length': '2' })).toHaveProperty('answered.headers.content-length', '2');
  });

  it.each([600, 999, 199])('whose status is none is refused: %d', async (status) => {
    const refused = { outcome: 'refused', code: 'api_answer_refused', reason: 'status' };
    expect(await answer(status)).toEqual({ answered: refused, isLetGo: true });
  });

  it.each(['gzip, chunked', 'gzip', ['chunked', 'chunked']])(
    'that is coded for the way is refused, since nobody decodes it: %j',
    async (coding) => {
      const refused = { outcome: 'refused', code: 'api_answer_refused', reason: 'transfer-coding' };
      expect(await answer(200, { 'transfer-encoding': coding })).toEqual({ answered: refused, isLetGo: true });
    },
  );

  it.each(['chunked', 'Chunked', 'identity'])('that comes in pieces comes with its content: %s', async (coding) => {
    expect(await answer(200, { 'transfer-encoding': coding })).toMatchObject({ answered: { status: 200 } });
  });

  it.each([200, 599])('whose status is one comes with its content: %d', async (status) => {
    const { answered, isLetGo } = await answer(status);
    expect([answered, isLetGo]).toEqual([expect.objectContaining({ status, body: caller.answer.body }), false]);
  });
});

describe('a call that finds the refresh token dead', () => {
  beforeEach(() => {
    tokens.failure = { outcome: 'grant-dead', reason: 'invalid_grant' };
  });

  it('is refused, and the log says which account’s session ended and why', async () => {
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'session_required' });
    expect(caller.logged).toEqual([
      { event: 'session.ended', account: store.keyring.pseudonym(ALICE), reason: 'refresh-token-dead' },
    ]);
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('says so once: the next call finds no session, and ends none', async () => {
    await call();
    await call();
    expect(caller.logged).toHaveLength(1);
  });

  it('leaves to a sign-out what that one ended', async () => {
    tokens.during = () => signOutOwn(store, ticket, store.ambient.now(), 'account');
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'session_required' });
    expect(caller.logged).toEqual([]);
  });
});
