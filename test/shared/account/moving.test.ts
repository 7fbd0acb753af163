import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountStore } from '../../../shared/account/account-store.ts';
import { endInAccount } from '../../../shared/account/end.ts';
import { NO_HINTS } from '../../../shared/oidc/authorization-url.ts';
import { whatStands } from '../../../shared/operator/standing.ts';
import { checkSession } from '../../../shared/session/check.ts';
import { listSessions } from '../../../shared/session/list.ts';
import { renewSession } from '../../../shared/session/renew.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { startAttempt } from '../../../shared/signin/attempt.ts';
import { consumeAttempt } from '../../../shared/signin/consume-attempt.ts';
import type { LocalPath } from '../../../shared/signin/return-to.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { sweep } from '../../../shared/sweep/sweep.ts';
import { type MovingApplication, movingApplication, signInBy } from '../../support/moving.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { ALICE, target } from '../../support/store.ts';

const IDLE_MINUTES = 60;
const LOST = { outcome: 'unavailable', reason: 'test-outage' } as const;

let application: MovingApplication;
/** One session at the old place, and a later one of another OP session at the new place. */
let older: SessionTicket;
let newer: SessionTicket;
/** Either instance. */
let instances: readonly AccountStore[];
beforeEach(async () => {
  application = movingApplication();
  const { about, moving } = application;
  instances = [about, moving];
  older = await signInBy(about, { sid: 'sid-1' });
  newer = await signInBy(moving, { sid: 'sid-2' });
  application.ambient.advance(10 * MINUTE);
});

const rows = () => [application.tables.old, application.tables.new].map((tables) => tables.rows('accounts').length);
const now = () => application.ambient.now();
const live = async (store: AccountStore, ticket: SessionTicket) =>
  (await checkSession(store, ticket, IDLE_MINUTES)).outcome;

describe('an account that stands at two places while the application moves', () => {
  it('has both its sessions for either instance, and a renewal goes where its session is', async () => {
    expect(rows()).toEqual([1, 1]);
    for (const store of instances) {
      expect([await live(store, older), await live(store, newer)]).toEqual(['live', 'live']);
      const listed = await listSessions(store, older, IDLE_MINUTES);
      expect(listed).toMatchObject({ sessions: [{}, {}] });
      const standing = await whatStands(store, { kind: 'account', account: ALICE } as never);
      expect(standing).toMatchObject({ accounts: [{ sessions: [{}, {}] }] });
      application.ambient.advance(10 * MINUTE);
      for (const ticket of [older, newer]) {
        const checked = await checkSession(store, ticket, IDLE_MINUTES);
        if (checked.outcome === 'live') await renewSession(store, checked.session);
        const again = await checkSession(store, ticket, IDLE_MINUTES);
        expect(again).toMatchObject({ session: { record: { lastUsedAt: now() } } });
      }
    }
    expect(rows()).toEqual([1, 1]);
  });

  it('ends whole by a sign-out of either session, by either instance', async () => {
    for (const [sid, by] of [
      ['sid-1', 'moving'],
      ['sid-2', 'about'],
    ] as const) {
      const ended = await signOutTarget(application[by], target('sid', sid), now(), 'account');
      expect(ended).toMatchObject({ outcome: 'signed-out', accounts: [ALICE], sessions: 2, tokenCaches: 2 });
      expect(rows()).toEqual([0, 0]);
      application.ambient.advance(HOUR);
      older = await signInBy(application.about, { sid: 'sid-1' });
      newer = await signInBy(application.moving, { sid: 'sid-2' });
      application.ambient.advance(MINUTE);
    }
    expect(await signOutOwn(application.about, newer, now(), 'account')).toMatchObject({ sessions: 2, deleted: true });
    expect(rows()).toEqual([0, 0]);
  });

  it('loses but the one session where a sign-out is of that alone', async () => {
    const ended = await signOutOwn(application.moving, older, now(), 'session');
    expect(ended).toMatchObject({ outcome: 'signed-out', sessions: 1 });
    expect([await live(application.about, older), await live(application.about, newer)]).toEqual([
      'signed-out',
      'live',
    ]);
  });

  it.each(['read', 'remove'] as const)(
    'keeps the session that a sign-out names until the rest has ended: a retry finds all of it (%s fails)',
    async (name) => {
      application.tables.new.before = (operation) =>
        operation.table === 'accounts' && operation.name === name ? LOST : undefined;
      const receivedAt = now();
      expect(await signOutTarget(application.about, target('sid', 'sid-1'), receivedAt, 'account')).toEqual(LOST);
      expect(await live(application.about, older)).toBe('live');
      application.tables.new.before = undefined;
      application.ambient.advance(MINUTE);
      const retried = await signOutTarget(application.about, target('sid', 'sid-1'), receivedAt, 'account');
      expect(retried).toMatchObject({ outcome: 'signed-out', sessions: 2 });
      expect(rows()).toEqual([0, 0]);
    },
  );

  it('tells of all tokens that left, and that nobody knows what else stands unless nothing does', async () => {
    const told: unknown[] = [];
    const telling = { ...application.moving, departed: (departure: unknown) => void told.push(departure) };
    const one = { receivedAt: now(), scope: 'session', names: (id: string) => id === older.sessionId } as const;
    await endInAccount(telling, ALICE, one);
    expect(told).toMatchObject([{ tokens: [{ sid: 'sid-1' }], standing: [undefined] }]);
    await signInBy(application.about, { sid: 'sid-3' });
    application.ambient.advance(MINUTE);
    await endInAccount(telling, ALICE, { receivedAt: now(), scope: 'account', names: () => true });
    expect(told[1]).toMatchObject({ tokens: [{ sid: 'sid-2' }, { sid: 'sid-3' }], standing: [] });
  });

  it('is swept at each place, with the index rows of both', async () => {
    application.ambient.advance(12 * HOUR);
    const swept = await sweep(application.moving);
    expect(swept).toMatchObject({ outcome: 'swept', counts: { accounts: 2, sessions: 2, indexRows: 2, notes: 2 } });
    for (const tables of [application.tables.old, application.tables.new]) {
      expect([...tables.rows('accounts'), ...tables.rows('sids')]).toEqual([]);
    }
  });

  it('is swept at one place where the other is away, and at the other by the next run', async () => {
    application.ambient.advance(12 * HOUR);
    application.tables.old.before = () => LOST;
    expect(await sweep(application.moving)).toMatchObject({ outcome: 'unavailable' });
    // Its index row may be at the place that is away: the account goes, and its note stays until that has been seen.
    expect(rows()).toEqual([1, 0]);
    application.tables.old.before = undefined;
    expect(await sweep(application.moving)).toMatchObject({ outcome: 'swept' });
    expect(rows()).toEqual([0, 0]);
    expect([application.tables.old, application.tables.new].flatMap((tables) => tables.rows('sids'))).toEqual([]);
  });
});

describe('a sign-in attempt while the application moves', () => {
  const attempt = () =>
    startAttempt(application.ambient, {
      returnTo: '/' as LocalPath,
      scopes: [],
      replaces: null,
      hints: NO_HINTS,
      again: false,
    });

  it('counts once, whichever two instances meet it that are a step apart', async () => {
    const { before, about, moving, moved } = application;
    for (const [first, second] of [
      [before, about],
      [about, before],
      [about, moving],
      [moving, about],
      [moving, moved],
      [moved, moving],
    ] as const) {
      const which = attempt();
      expect(await consumeAttempt(first, which)).toBe('consumed');
      expect(await consumeAttempt(second, which)).toBe('already-used');
    }
  });

  it('counts once of two at the same moment', async () => {
    const which = attempt();
    const outcomes = await Promise.all(instances.map((store) => consumeAttempt(store, which)));
    expect(outcomes.toSorted()).toEqual(['already-used', 'consumed']);
  });
});
