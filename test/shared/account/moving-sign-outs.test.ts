import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Departure } from '../../../shared/account/departures.ts';
import { endInAccount } from '../../../shared/account/end.ts';
import { createReplacedHere } from '../../../shared/account/replaced-here.ts';
import { checkSession } from '../../../shared/session/check.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { endReplacedSession, signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { type MovingApplication, movingApplication, signInBy } from '../../support/moving.ts';
import { MINUTE } from '../../support/records.ts';
import { ALICE } from '../../support/store.ts';

const LOST = { outcome: 'unavailable', reason: 'test-outage' } as const;

let application: MovingApplication;
/** A session at the old place. */
let older: SessionTicket;
beforeEach(async () => {
  application = movingApplication();
  older = await signInBy(application.about, { sid: 'sid-1' });
  application.ambient.advance(MINUTE);
});

const now = () => application.ambient.now();
const rows = () => [application.tables.old, application.tables.new].map((tables) => tables.rows('accounts').length);
const live = async (ticket: SessionTicket) => (await checkSession(application.moving, ticket, 60)).outcome;

describe('an own sign-out of an account at two places', () => {
  it.each([
    ['account', 'sid-2'],
    ['session', 'sid-1'],
  ] as const)(
    'of the %s that storage breaks off ends all of it when the same cookie asks again: nobody else may know of it',
    async (scope, sid) => {
      await signInBy(application.moving, { sid });
      application.ambient.advance(MINUTE);
      application.tables.new.before = ({ table, name }) =>
        table === 'accounts' && name === 'remove' ? LOST : undefined;
      expect(await signOutOwn(application.about, older, now(), scope)).toMatchObject(LOST);
      application.tables.new.before = undefined;
      application.ambient.advance(MINUTE);
      expect(await signOutOwn(application.about, older, now(), scope)).toMatchObject({ outcome: 'signed-out' });
      expect(rows()).toEqual([0, 0]);
    },
  );

  it('ends the session of its cookie also where a sign-in that took its place could not end it', async () => {
    const newer = await signInBy(application.moving, { sid: 'sid-2', replaces: older.sessionId });
    const store = { ...application.moving, replacedHere: createReplacedHere() };
    expect(await signOutOwn(store, older, now(), 'session')).toMatchObject({ outcome: 'signed-out', sessions: 2 });
    expect([await live(older), await live(newer)]).toEqual(['signed-out', 'signed-out']);
  });

  it('ends what took the place of its session where that had come up at the other place, and had not left yet', async () => {
    await signInBy(application.moving, { sid: 'sid-2', replaces: older.sessionId });
    application.ambient.advance(1_000);
    application.tables.old.before = async ({ table }) => {
      if (table !== 'accounts') return undefined;
      application.tables.old.before = undefined;
      await endReplacedSession(application.moving, older, now());
      return undefined;
    };
    expect(await signOutOwn(application.moving, older, now(), 'account')).toMatchObject({ outcome: 'signed-out' });
    expect(rows()).toEqual([0, 0]);
  });
});

describe('a sign-out that comes late', () => {
  it('takes nothing for gone that has begun since at the other place: it may be what a revocation would end', async () => {
    const receivedAt = now();
    application.ambient.advance(MINUTE);
    const younger = await signInBy(application.moving, { sid: 'sid-2' });
    const told: Departure[] = [];
    const telling = { ...application.about, departed: (departure: Departure) => void told.push(departure) };
    const ending = { receivedAt, scope: 'account', names: (id: string) => id === older.sessionId } as const;
    expect(await endInAccount(telling, ALICE, ending)).toMatchObject({ outcome: 'ended', sessions: 1, deleted: false });
    expect(told).toMatchObject([{ tokens: [{ sid: 'sid-1' }], standing: [undefined] }]);
    expect(await live(younger)).toBe('live');
  });
});
