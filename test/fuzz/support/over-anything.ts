import fc from 'fast-check';
import { checkSession } from '../../../shared/session/check.ts';
import type { TestStore } from '../../support/store.ts';
import { anyScene, type Scene, setScene } from './account-scene.ts';
import { RUNS } from './arbitraries.ts';

export const IDLE_MINUTES = 60;
/** The places of a scene's two sessions. */
export const BOTH = [0, 1] as const;

/** Whatever lies in an account's entity, the real code is run over it. */
export const overAnything = (act: (scene: Scene) => Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(anyScene, async (fates) => act(await setScene(fates))),
    RUNS,
  );

export const isLive = async (store: TestStore, { tickets }: Scene, session: 0 | 1): Promise<boolean> =>
  (await checkSession(store, tickets[session], IDLE_MINUTES)).outcome === 'live';
