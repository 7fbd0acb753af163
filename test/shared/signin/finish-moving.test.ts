import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Application } from '../../../shared/application/application.ts';
import { SESSION_COOKIE } from '../../../shared/http/cookie-names.ts';
import { NO_HINTS } from '../../../shared/oidc/authorization-url.ts';
import { checkSession } from '../../../shared/session/check.ts';
import { type SessionTicket, sealTicket } from '../../../shared/session/ticket.ts';
import { beginSignin } from '../../../shared/signin/begin.ts';
import { finishSignin } from '../../../shared/signin/finish.ts';
import type { LocalPath } from '../../../shared/signin/return-to.ts';
import { testApplication } from '../../support/application.ts';
import { type MovingApplication, movingApplication, signInBy } from '../../support/moving.ts';
import { MINUTE } from '../../support/records.ts';

let storage: MovingApplication;
let application: Application;
/** The browser's session, at the old place; it signs in once more where new sessions are written at the new one. */
let earlier: SessionTicket;
beforeEach(async () => {
  storage = movingApplication();
  earlier = await signInBy(storage.about, { sid: 'sid-1' });
  storage.ambient.advance(MINUTE);
  application = { ...testApplication().application, store: storage.moving };
});

async function signInAgain() {
  const jar = new Map([[SESSION_COOKIE, sealTicket(storage.moving.keyring, earlier)]]);
  const begun = await beginSignin(application, jar, { returnTo: '/' as LocalPath, hints: NO_HINTS });
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  for (const { name, value } of begun.cookies) jar.set(name, value);
  const state = new URL(begun.location).searchParams.get('state') ?? '';
  return finishSignin(application, jar, { state, code: 'code', error: null, iss: null, sessionState: null }, 'Firefox');
}
const rows = () => [storage.tables.old, storage.tables.new].map((tables) => tables.rows('accounts').length);
const live = async (ticket: SessionTicket) => (await checkSession(storage.about, ticket, 60)).outcome;

describe('a sign-in over the browser’s session at the other place', () => {
  it('leaves the new one alone, and from then on the old cookie is known for a dead one', async () => {
    const finished = await signInAgain();
    if (finished.outcome !== 'signed-in') throw new Error(finished.outcome);
    expect([await live(earlier), await live(finished.ticket)]).toEqual(['signed-out', 'live']);
    expect(rows()).toEqual([0, 1]);
    storage.ambient.advance(1);
    expect(storage.moving.replacedHere.wasBefore(earlier.sessionId, storage.ambient.now())).toBe(true);
  });

  it('leaves none that no cookie knows where the old one cannot be ended', async () => {
    storage.tables.old.before = ({ table, name }) =>
      table === 'accounts' && name === 'remove' ? { outcome: 'unavailable', reason: 'test-outage' } : undefined;
    expect(await signInAgain()).toMatchObject({ outcome: 'refused', code: 'storage_unavailable' });
    expect(rows()).toEqual([1, 0]);
    expect(await live(earlier)).toBe('live');
  });
});
