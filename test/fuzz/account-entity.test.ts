import { describe, expect, it } from '@jest/globals';
import { admit } from '../../shared/account/admit.ts';
import { checkSession } from '../../shared/session/check.ts';
import { describeSession } from '../../shared/session/describe.ts';
import { renewSession } from '../../shared/session/renew.ts';
import { sweep } from '../../shared/sweep/sweep.ts';
import { acquireAccessToken } from '../../shared/tokens/access-token.ts';
import { createTokenMemory } from '../../shared/tokens/token-memory.ts';
import { HOUR, MINUTE } from '../support/records.ts';
import { scriptedTokenClient } from '../support/scripted-token-client.ts';
import { signinOf } from '../support/signins.ts';
import { elsewhere } from './support/account-scene.ts';
import { BOTH, IDLE_MINUTES, isLive, overAnything } from './support/over-anything.ts';

describe('whatever lies in an account', () => {
  it('shows a session as live only where its own record stands as it was sealed, and nothing is written for it', () =>
    overAnything(async (scene) => {
      const before = scene.left();
      for (const session of BOTH) {
        const checked = await checkSession(scene.store, scene.tickets[session], IDLE_MINUTES);
        expect(checked.outcome === 'live').toBe(scene.intact(session, 'session'));
        if (checked.outcome === 'live') describeSession(checked.session, IDLE_MINUTES);
        expect(await isLive(elsewhere(scene.store), scene, session)).toBe(false);
      }
      expect(scene.left()).toEqual(before);
    }));

  it('yields a token only for a session whose record and tokens stand as they were sealed', () =>
    overAnything(async (scene) => {
      for (const session of BOTH) {
        const client = scriptedTokenClient(scene.store.ambient);
        const acquired = await acquireAccessToken(scene.store, client, createTokenMemory(), scene.tickets[session], []);
        const whole = scene.intact(session, 'session') && scene.intact(session, 'cache');
        // A lease that only another instance can read lets nobody here redeem.
        const outcomes = scene.intact(session, 'lease') ? ['acquired'] : ['acquired', 'unavailable'];
        expect(whole ? outcomes : ['signed-out']).toContain(acquired.outcome);
        expect(client.redemptions()).toBe(acquired.outcome === 'acquired' ? 1 : 0);
      }
    }));

  it('is renewed without another session coming to life', () =>
    overAnything(async (scene) => {
      scene.store.ambient.advance(6 * MINUTE);
      for (const session of BOTH) {
        const checked = await checkSession(scene.store, scene.tickets[session], IDLE_MINUTES);
        if (checked.outcome === 'live') await renewSession(scene.store, checked.session);
      }
      for (const session of BOTH) {
        expect(await isLive(scene.store, scene, session)).toBe(scene.intact(session, 'session'));
      }
    }));

  it('lets a new sign-in in, and no other session by it', () =>
    overAnything(async (scene) => {
      const { admission, ticket } = signinOf(scene.store);
      expect(await admit(scene.store, admission)).toEqual({ outcome: 'admitted' });
      expect((await checkSession(scene.store, ticket, IDLE_MINUTES)).outcome).toBe('live');
      for (const session of BOTH) {
        expect(await isLive(scene.store, scene, session)).toBe(scene.intact(session, 'session'));
      }
    }));

  it('is swept when its time has come, and not before', () =>
    overAnything(async (scene) => {
      expect((await sweep(scene.store)).outcome).toBe('swept');
      for (const session of BOTH) {
        expect(await isLive(scene.store, scene, session)).toBe(scene.intact(session, 'session'));
      }
      scene.store.ambient.advance(10 * HOUR);
      // Two notes of one account meet in one run, and the later one is left to the next.
      for (const _ of BOTH) expect((await sweep(scene.store)).outcome).toBe('swept');
      for (const session of BOTH) {
        if (scene.intact(session, 'session')) {
          expect(scene.left() ?? []).not.toContain(`s_${scene.tickets[session].sessionId}`);
        }
      }
    }));
});
