import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { checkSession } from '../../../shared/session/check.ts';
import { describeSession } from '../../../shared/session/describe.ts';
import { renewSession } from '../../../shared/session/renew.ts';
import { openTicket, type SessionTicket } from '../../../shared/session/ticket.ts';
import { openAttempt } from '../../../shared/signin/attempt.ts';
import { finishSignin } from '../../../shared/signin/finish.ts';
import { retrySignOut } from '../../../shared/signout/retry.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { sweep } from '../../../shared/sweep/sweep.ts';
import { acquireAccessToken } from '../../../shared/tokens/access-token.ts';
import { LEASE_MILLISECONDS } from '../../../shared/tokens/lease.ts';
import { createTokenMemory } from '../../../shared/tokens/token-memory.ts';
import { msalApplication, restore, type Snapshot, takeSnapshot, tokensOf } from '../../fixtures/stored-rows.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { type TestStore, target } from '../../support/store.ts';

const IDLE_MINUTES = 60;
/** What each form of the rows was, byte for byte: see test/fixtures/stored-rows.ts. The last is this version's. */
const FORMS = [1, 2].map((form): { form: number; frozen: Snapshot } => {
  const file = new URL(`../../fixtures/stored-rows-${form}.json`, import.meta.url);
  return { form, frozen: JSON.parse(readFileSync(file, 'utf8')) };
});

let store: TestStore;
let application: ReturnType<typeof msalApplication>['application'];
let answers: (() => Response)[];
let phone: SessionTicket;
let laptop: SessionTicket;
async function thaw(frozen: Snapshot): Promise<void> {
  answers = [];
  store = await restore(frozen);
  application = msalApplication(store, async () => {
    const answer = answers.shift();
    if (answer === undefined) throw new Error('the OP was asked');
    return answer();
  }).application;
  const opened = [frozen.cookies.phone, frozen.cookies.laptop].map((cookie) => openTicket(store.keyring, cookie));
  if (!opened[0] || !opened[1]) throw new Error('a cookie does not open');
  [phone, laptop] = [opened[0], opened[1]];
}

const people = () => store.tables.rows('accounts').map(({ partitionKey }) => partitionKey.split('.')[0]);
async function live(ticket: SessionTicket) {
  const checked = await checkSession(application.store, ticket, IDLE_MINUTES);
  if (checked.outcome !== 'live') throw new Error(checked.outcome);
  return checked.session;
}
async function acquire(ticket: SessionTicket, scopes = ['api.read']) {
  const op = await application.op.get();
  if ('outcome' in op) throw new Error(op.outcome);
  return acquireAccessToken(application.store, op.tokens, createTokenMemory(), ticket, scopes);
}

describe.each(FORMS)('what a version with form $form of the rows stored', ({ frozen }) => {
  beforeEach(() => thaw(frozen));

  it('is a live session for the cookie that it gave', async () => {
    expect(describeSession(await live(phone), IDLE_MINUTES)).toMatchObject({
      session: { id: phone.sessionId, device: 'Firefox on Linux', signedInAt: new Date(frozen.now).toISOString() },
    });
    expect((await live(phone)).leased).toBe(false);
    expect((await live(laptop)).leased).toBe(true);
  });

  it('gives its access token without the OP', async () => {
    expect(await acquire(phone)).toMatchObject({ outcome: 'acquired', accessToken: { token: 'access-alice-1' } });
  });

  it('is renewed, and refreshed when its access token has ended', async () => {
    store.ambient.advance(6 * MINUTE);
    await renewSession(application.store, await live(phone));
    expect((await live(phone)).record.lastUsedAt).toBe(frozen.now + 6 * MINUTE);
    answers.push(() => Response.json(tokensOf('alice', 2)));
    const acquired = await acquire(phone, ['another.scope']);
    expect(acquired).toMatchObject({ outcome: 'acquired', refreshed: true, accessToken: { token: 'access-alice-2' } });
  });

  it('keeps others from its refresh token while it holds a lease', async () => {
    answers.push(() => Response.json(tokensOf('alice', 2)));
    expect(await acquire(laptop, ['another.scope'])).toMatchObject({ outcome: 'acquired', refreshed: true });
    expect(store.ambient.now()).toBeGreaterThanOrEqual(frozen.now + LEASE_MILLISECONDS);
  });

  it('is ended by a sign-out of its sid, all of the account', async () => {
    const ended = await signOutTarget(application.store, target('sid', 'sid-phone'), frozen.now, 'account');
    expect(ended).toEqual({ outcome: 'signed-out', accounts: [expect.any(String)], sessions: 2, tokenCaches: 2 });
    expect(people()).toEqual(['carol']);
  });

  it('is ended by its own sign-out, one session or all', async () => {
    await signOutOwn(application.store, phone, frozen.now, 'session');
    await live(laptop);
    await expect(live(phone)).rejects.toThrow('signed-out');
    await signOutOwn(application.store, laptop, frozen.now, 'account');
    expect(people()).toEqual(['carol']);
  });

  it('finishes a sign-in that was under way', async () => {
    const [name, cookie] = frozen.cookies.attempt;
    const attempt = openAttempt(store.keyring, name, cookie);
    answers.push(() => Response.json(tokensOf('dave', 1, attempt?.nonce)));
    const answer = { state: attempt?.state ?? '', code: 'c', error: null, iss: null, sessionState: null };
    const finished = await finishSignin(application, new Map([[name, cookie]]), answer, 'Safari on iOS');
    if (finished.outcome !== 'signed-in') throw new Error(finished.outcome);
    expect((await live(finished.ticket)).record.device).toBe('Safari on iOS');
  });

  it('finishes a sign-out that storage had interrupted', async () => {
    expect(await retrySignOut(application, frozen.retryMessage)).toMatchObject({
      outcome: 'done',
      receipt: { tries: 1 },
    });
    expect(people()).toEqual(['alice']);
  });

  it('is swept when it has expired, all of it', async () => {
    store.ambient.advance(14 * HOUR);
    await sweep(application.store);
    expect([store.tables.rows('accounts'), store.tables.rows('sids')]).toEqual([[], []]);
    expect(store.tables.rows('expiries').map(({ rowKey }) => rowKey)).toEqual(['sweep']);
  });
});

/** Which tables hold which kinds of rows, with which kinds of properties of which types: ids left out. */
function shapeOf({ rows }: Snapshot): string[] {
  const shapes = Object.entries(rows).flatMap(([table, held]) =>
    held.map(({ rowKey, properties }) => {
      const kinds = Object.entries(properties).map(([name, { type, value }]) => {
        const sealed = type === 'Binary' ? ` ${Buffer.from(String(value), 'base64').toString('hex', 0, 2)}` : '';
        return `${name.replace(/_.*/, '_id')}: ${type}${sealed}`;
      });
      return `${table} ${rowKey.replaceAll(/[0-9a-f]{32,64}/g, 'id')} ${[...new Set(kinds)].sort().join(', ')}`;
    }),
  );
  return [...new Set(shapes)].sort();
}

it('this version stores rows of the same form: where it does not, another snapshot is to be frozen beside this one', async () => {
  const newest = FORMS.slice(-1).flatMap(({ frozen }) => shapeOf(frozen));
  expect(newest).toEqual(shapeOf(await takeSnapshot()));
});
