import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet } from 'jose';
import { operatorTriggers } from '../../functions/doors/operator.ts';
import type { Visit } from '../../functions/edge.ts';
import { admit } from '../../shared/account/admit.ts';
import type { Application } from '../../shared/application/application.ts';
import type { Answer } from '../../shared/http/message.ts';
import type { LogEvent } from '../../shared/log/log.ts';
import type { SessionTicket } from '../../shared/session/ticket.ts';
import { retrySignOut } from '../../shared/signout/retry.ts';
import { type OpScript, testApplication } from '../support/application.ts';
import { APP_ORIGIN, testRequest } from '../support/request.ts';
import type { ScriptedQueue } from '../support/scripted-queue.ts';
import { generateSigningKey, type SigningKey, sign } from '../support/signing-op.ts';
import { signinOf } from '../support/signins.ts';
import {
  ALICE,
  accountProperties,
  createTestStore,
  failing,
  ISSUER,
  type TestStore,
  target,
  withKeys,
} from '../support/store.ts';

const AUDIENCE = 'operators';
const ACCOUNT = 'operator/accounts/alice.contoso';
const USER = 'operator/users/oid-1';

let key: SigningKey;
let store: TestStore;
let script: OpScript;
let queue: ScriptedQueue;
let logged: LogEvent[];
let application: Application;
beforeAll(async () => {
  key = await generateSigningKey('k1');
});
beforeEach(() => {
  store = createTestStore();
  logged = [];
  ({ application, script, queue } = openFor(store));
});

/** An application whose operator's door is open, over that store. */
function openFor(at: TestStore) {
  const made = testApplication({}, at);
  const { settings, op } = made.application;
  const keys = createLocalJWKSet({ keys: [key.jwk as { kty: string }] });
  const get: Application['op']['get'] = async () => {
    const known = await op.get();
    return 'outcome' in known ? known : { ...known, keys };
  };
  const doors = { ...settings.doors, operator: { audience: AUDIENCE, tenant: null } };
  return { ...made, application: { ...made.application, op: { get }, settings: { ...settings, doors } } };
}

/** Signs Alice in, so that she is found by her object id too. */
async function signIn(sid: string): Promise<SessionTicket> {
  const { admission, ticket } = signinOf(store, { sid });
  await admit(store, { ...admission, indexes: [...admission.indexes, target('oid', `oid-of-${sid}`)] });
  return ticket;
}

async function knock(method: 'GET' | 'POST', path: string, changes: Record<string, unknown> = {}): Promise<Answer> {
  const seconds = store.ambient.now() / 1_000;
  const claims = { iss: ISSUER, aud: AUDIENCE, sub: 'op', azp: 'cli', azpacr: '1', roles: ['Exeunt.Operator'] };
  const token = await sign({ ...claims, iat: seconds, exp: seconds + 300, ...changes }, key);
  return knockWith(method, path, { authorization: `Bearer ${token}` });
}
async function knockWith(method: string, path: string, headers: Record<string, string>): Promise<Answer> {
  const by = path.includes('users') ? ('user' as const) : 'account';
  const name = `operator-${by}${method === 'POST' ? ('-signout' as const) : ''}` as const;
  const url = `${APP_ORIGIN}/${path}${method === 'POST' ? '/signout' : ''}`;
  const request = { ...testRequest(headers, method), url };
  const log = (event: LogEvent) => void logged.push(event);
  const visit = { application, request, log, receivedAt: store.ambient.now() };
  return operatorTriggers[name](visit as Visit);
}
const documentOf = ({ body }: Answer) => JSON.parse(String(body)) as Record<string, unknown>;
const refusal = (answer: Answer) => [answer.status, documentOf(answer).code];

describe('storage', () => {
  let calls: number;
  beforeEach(() => {
    calls = 0;
    store.tables.before = () => {
      calls += 1;
      return undefined;
    };
  });

  it.each([ACCOUNT, USER])('is asked nothing for %s before the token is verified', async (path) => {
    for (const method of ['GET', 'POST'] as const) {
      expect((await knockWith(method, path, {})).status).toBe(401);
      expect((await knockWith(method, path, { authorization: 'Bearer a.b.c' })).status).toBe(401);
      expect((await knock(method, path, { aud: 'another' })).status).toBe(401);
      expect((await knock(method, path, { roles: [] })).status).toBe(403);
    }
    expect(calls).toBe(0);
    await knock('GET', path);
    expect(calls).toBeGreaterThan(0);
  });

  it('is asked nothing for a path that names nobody', async () => {
    for (const path of ['operator/accounts/%ff', 'operator/users/%']) {
      for (const method of ['GET', 'POST'] as const) {
        expect(refusal(await knock(method, path))).toEqual([400, 'operator_path_invalid']);
      }
    }
    expect(calls).toBe(0);
  });

  it('is asked nothing while the OP does not answer, and nobody is told that their token is bad', async () => {
    script.up = false;
    const answer = await knock('POST', ACCOUNT);
    expect(refusal(answer)).toEqual([503, 'op_unavailable']);
    expect(answer.headers).not.toHaveProperty('www-authenticate');
    expect(calls).toBe(0);
  });
});

describe('a sign-out that storage interrupts', () => {
  it.each([ACCOUNT, 'operator/users/oid-of-sid-1'])('is queued, said so, and finished later (%s)', async (path) => {
    await signIn('sid-1');
    failing(store, {});
    const answer = await knock('POST', path);
    expect(refusal(answer)).toEqual([503, 'signout_queued']);
    store.tables.before = undefined;
    expect(accountProperties(store, ALICE)).not.toBeNull();
    const retried = await retrySignOut(application, queue.take());
    expect(retried).toMatchObject({ outcome: 'done', receipt: { door: 'operator', sessions: 1, tries: 1 } });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('is unfinished where the queue takes nothing either, and said so', async () => {
    await signIn('sid-1');
    failing(store, {});
    queue.up = false;
    expect(refusal(await knock('POST', ACCOUNT))).toEqual([503, 'signout_unfinished']);
    expect(logged).toContainEqual(expect.objectContaining({ event: 'signout.failed', door: 'operator' }));
  });
});

describe('a look', () => {
  it.each([ACCOUNT, 'operator/users/oid-of-sid-1'])('at %s is answered 503 while storage is down', async (path) => {
    await signIn('sid-1');
    failing(store, { table: 'accounts' });
    const answer = await knock('GET', path);
    expect(refusal(answer)).toEqual([503, 'storage_unavailable']);
    expect(answer.headers['retry-after']).toBe('1');
  });

  it('counts the sessions that this instance cannot read, since they stand', async () => {
    await signIn('sid-1');
    ({ application } = openFor(withKeys(store, ['k2'])));
    const answer = await knock('GET', ACCOUNT);
    expect(documentOf(answer)).toMatchObject({ accounts: [{ sessions: [], unreadable: 1 }] });
  });

  it('by an object id whose session has ended shows nothing, though the account has another', async () => {
    const first = await signIn('sid-1');
    await signIn('sid-2');
    expect((await knock('GET', 'operator/users/oid-of-sid-1')).status).toBe(200);
    expect((await knock('POST', 'operator/users/oid-of-sid-1')).status).toBe(200);
    expect(accountProperties(store, first.account)).toBeNull();
    store.ambient.advance(60_000);
    await signIn('sid-2');
    expect(refusal(await knock('GET', 'operator/users/oid-of-sid-1'))).toEqual([404, 'nothing_stands']);
    expect(refusal(await knock('POST', 'operator/users/oid-of-sid-1'))).toEqual([404, 'nothing_to_end']);
    expect(documentOf(await knock('GET', ACCOUNT))).toMatchObject({ accounts: [{ sessions: [{}] }] });
  });
});
