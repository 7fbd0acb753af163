import { beforeEach, describe, expect, it } from '@jest/globals';
import { session } from '../../functions/session.ts';
import { sessionProperty } from '../../shared/account/account.ts';
import type { Application } from '../../shared/application/application.ts';
import { callApi } from '../../shared/gateway/call-api.ts';
import type { LogEvent } from '../../shared/log/log.ts';
import { type SessionTicket, sealTicket } from '../../shared/session/ticket.ts';
import { testApplication } from '../support/application.ts';
import { downstreamApi } from '../support/downstream-api.ts';
import { testRequest } from '../support/request.ts';
import { scriptedCache } from '../support/scripted-token-client.ts';
import { signIn } from '../support/signins.ts';
import { ALICE, createTestStore, type TestStore, withKeys } from '../support/store.ts';
import { bytesOf, tamper, withByte } from '../support/tamper.ts';

const API = downstreamApi();

let store: TestStore;
let ticket: SessionTicket;
let logged: LogEvent[];
beforeEach(async () => {
  store = createTestStore();
  ticket = await signIn(store, { cache: scriptedCache() });
  logged = [];
});

const alter = (change: (stored: Uint8Array) => Uint8Array | string) =>
  tamper(store, ALICE, (properties) => {
    const name = sessionProperty(ticket.sessionId);
    return { ...properties, [name]: change(bytesOf(properties, name)) };
  });
const log = (event: LogEvent): void => void logged.push(event);
const unreached = () => Promise.reject(new Error('the API was called'));

/** What the two doors that look at a session answer, by status or code. */
async function doors(application: Application): Promise<unknown[]> {
  const cookie = `__Host-session=${sealTicket(application.store.keyring, ticket)}`;
  const request = testRequest({ cookie });
  const asked = await session({ application, request, log } as Parameters<typeof session>[0]);
  const call = {
    method: 'GET',
    rawPath: '/me',
    search: '',
    headers: new Headers(),
    body: null,
    gone: new AbortController().signal,
  };
  const called = await callApi(application, unreached, log, API, ticket, call);
  return [asked.status, called.outcome === 'refused' && called.code];
}

describe('a session whose record cannot be read', () => {
  it.each([
    ['altered', 'corrupt', (stored: Uint8Array) => withByte(stored, -1, (byte) => byte ^ 1)],
    ['cut short', 'corrupt', (stored: Uint8Array) => stored.subarray(0, 20)],
    ['of another type', 'corrupt', () => 'text'],
    ['in a later format', 'newer-format', (stored: Uint8Array) => withByte(stored, 0, (byte) => byte + 1)],
  ] as const)('being %s, signs nobody in and is reported as %s at each door', async (_, reason, change) => {
    await alter(change);
    const rows = store.tables.rows('accounts');
    expect(await doors(testApplication({}, store).application)).toEqual([401, 'session_required']);
    const account = store.keyring.pseudonym(ALICE);
    expect(logged).toEqual(Array(2).fill({ event: 'session.unreadable', account, reason }));
    expect(store.tables.rows('accounts')).toEqual(rows);
  });

  it('being under a key that is not here, is reported so', async () => {
    const elsewhere = withKeys(store, ['k2']);
    expect(await doors(testApplication({}, elsewhere).application)).toEqual([401, 'session_required']);
    expect(logged).toMatchObject(Array(2).fill({ event: 'session.unreadable', reason: 'unknown-key' }));
  });

  it('says neither account nor session nor secret in the log', async () => {
    await alter((stored) => stored.subarray(1));
    await doors(testApplication({}, store).application);
    for (const secret of ['alice', ticket.sessionId, ticket.secret]) {
      expect(JSON.stringify(logged)).not.toContain(secret);
    }
  });
});

it('a session that has ended is no news', async () => {
  await tamper(store, ALICE, () => ({}));
  expect(await doors(testApplication({}, store).application)).toEqual([401, 'session_required']);
  expect(logged).toEqual([]);
});
