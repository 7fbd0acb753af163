import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Application } from '../../../shared/application/application.ts';
import { type ApiCall, callApi } from '../../../shared/gateway/call-api.ts';
import type { Upstream, UpstreamCall } from '../../../shared/gateway/upstream.ts';
import type { LogEvent } from '../../../shared/log/log.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import type { DownstreamApi } from '../../../shared/settings/settings.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { OP_METADATA, testApplication } from '../../support/application.ts';
import { HOUR } from '../../support/records.ts';
import { type ScriptedTokenClient, scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, createTestStore, type TestStore } from '../../support/store.ts';

const API: DownstreamApi = {
  name: 'graph',
  baseUrl: 'https://api.example',
  scopes: ['User.Read'],
  allow: [{ method: 'GET', pattern: '/**' }],
};
const CALL: ApiCall = { method: 'GET', rawPath: '/me', search: '?a=b', headers: new Headers(), body: null };

let store: TestStore;
let tokens: ScriptedTokenClient;
let application: Application;
let ticket: SessionTicket;
let opAsked: number;
let sent: UpstreamCall[];
let logged: LogEvent[];
beforeEach(async () => {
  store = createTestStore();
  tokens = scriptedTokenClient(store.ambient);
  [opAsked, sent, logged] = [0, [], []];
  const get = async () => {
    opAsked += 1;
    const checkIdToken = () => Promise.reject(new Error('no ID token is checked here'));
    return { metadata: OP_METADATA, tokens, checkIdToken };
  };
  application = { ...testApplication({}, store).application, op: { get } };
  ticket = await signIn(store, { cache: scriptedCache() });
});

async function* nothing(): AsyncIterable<Uint8Array> {}
const upstream: Upstream = async (call) => {
  sent.push(call);
  return { outcome: 'answered', status: 200, headers: {}, body: nothing(), discard: () => {} };
};
const call = () => callApi(application, upstream, (event) => void logged.push(event), API, ticket, CALL);

describe('a call of an API', () => {
  it('is sent with a token of the session that made it', async () => {
    expect(await call()).toMatchObject({ outcome: 'answered', status: 200 });
    expect(sent).toMatchObject([{ method: 'GET', url: 'https://api.example/me?a=b' }]);
    expect(sent[0]?.headers.authorization).toBe('Bearer access-token-1');
    expect(logged).toMatchObject([{ event: 'token.refreshed', account: store.keyring.pseudonym(ALICE) }]);
  });

  it('whose token is in memory needs nothing of the OP', async () => {
    await call();
    application = { ...application, op: { get: () => Promise.reject(new Error('the OP was asked')) } };
    expect(await call()).toMatchObject({ outcome: 'answered' });
  });

  it('asks for the OP again where the token in memory has grown old', async () => {
    await call();
    store.ambient.advance(HOUR - 60_000);
    await call();
    expect(opAsked).toBe(2);
    expect(sent.at(-1)?.headers.authorization).toBe('Bearer access-token-2');
  });

  it('whose session was signed out is refused though its token is in memory', async () => {
    await call();
    await signOutOwn(store, ticket, store.ambient.now(), 'account');
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'session_required' });
    expect(sent).toHaveLength(1);
  });

  it('without a token in memory is refused while the OP cannot be had', async () => {
    application = {
      ...application,
      op: { get: async () => ({ outcome: 'op-unavailable', reason: 'metadata-deadline' }) },
    };
    expect(await call()).toEqual({ outcome: 'refused', code: 'op_unavailable', reason: 'metadata-deadline' });
    expect(sent).toEqual([]);
  });
});

describe('a call that finds the refresh token dead', () => {
  beforeEach(() => {
    tokens.failure = { outcome: 'grant-dead', reason: 'invalid_grant' };
  });

  it('is refused, and the log says which account’s session ended and why', async () => {
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'session_required' });
    expect(logged).toEqual([
      { event: 'session.ended', account: store.keyring.pseudonym(ALICE), reason: 'refresh-token-dead' },
    ]);
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('says so once: the next call finds no session, and ends none', async () => {
    await call();
    await call();
    expect(logged).toHaveLength(1);
  });

  it('leaves to a sign-out what that one ended', async () => {
    tokens.during = () => signOutOwn(store, ticket, store.ambient.now(), 'account');
    expect(await call()).toMatchObject({ outcome: 'refused', code: 'session_required' });
    expect(logged).toEqual([]);
  });
});
