import { describe, expect, it } from '@jest/globals';
import { sessionIds } from '../../shared/account/account.ts';
import { endInAccount } from '../../shared/account/end.ts';
import { signOutOwn } from '../../shared/signout/sign-out-own.ts';
import { signOutTarget } from '../../shared/signout/sign-out-target.ts';
import { ALICE, target } from '../support/store.ts';
import { elsewhere, type Scene } from './support/account-scene.ts';
import { BOTH, isLive, overAnything } from './support/over-anything.ts';

/** The sessions, readable or not, for which a property stands. */
const sessionsLeft = ({ left }: Scene): number =>
  sessionIds(Object.fromEntries((left() ?? []).map((name) => [name, '']))).length;

describe('a sign-out, whatever lies in the account', () => {
  it('of the account leaves no session of it, by any instance', () =>
    overAnything(async (scene) => {
      const ending = { receivedAt: scene.store.ambient.now(), scope: 'account', names: () => true } as const;
      await endInAccount(elsewhere(scene.store), ALICE, ending);
      expect(sessionsLeft(scene)).toBe(0);
    }));

  it('by the sid of a session leaves no session of the account', () =>
    overAnything(async (scene) => {
      const stood = BOTH.some(scene.stands);
      const signedOut = await signOutTarget(scene.store, target('sid', 'sid-1'), scene.store.ambient.now(), 'account');
      expect(signedOut.outcome).toBe('signed-out');
      if (stood) expect(sessionsLeft(scene)).toBe(0);
      for (const session of BOTH) expect(await isLive(scene.store, scene, session)).toBe(false);
    }));

  it('with the cookie of a session that stands leaves no session of the account', () =>
    overAnything(async (scene) => {
      const { store, tickets } = scene;
      const signedOut = await signOutOwn(store, tickets[0], store.ambient.now(), 'account');
      expect(signedOut.outcome).toBe(scene.stands(0) ? 'signed-out' : 'already-signed-out');
      if (scene.stands(0)) expect(sessionsLeft(scene)).toBe(0);
    }));

  it('of one session ends that one, and leaves the other as it was', () =>
    overAnything(async (scene) => {
      const { store, tickets } = scene;
      const ending = {
        receivedAt: store.ambient.now(),
        scope: 'session',
        names: (id: string) => id === tickets[0].sessionId,
      } as const;
      await endInAccount(store, ALICE, ending);
      expect(await isLive(store, scene, 0)).toBe(false);
      expect(await isLive(store, scene, 1)).toBe(scene.intact(1, 'session'));
      if (scene.stands(0)) expect(scene.left() ?? []).not.toContain(`s_${tickets[0].sessionId}`);
    }));
});
