import { expect } from '@jest/globals';
import fc from 'fast-check';
import {
  type DoorUnderAttack,
  ENVELOPE_CLASSES,
  type Envelope,
  type HostileClass,
  TOKEN_CLASSES,
  type TokenScene,
} from './door.ts';
import { OWN_KEYS, signParts } from './forge.ts';
import type { HostileToken } from './hostile-token.ts';
import { type Attack, type AttackClass, DONE_AGAIN_CALLS_MAX, type Siege } from './siege.ts';
import { tellingParts } from './telling.ts';
import { hostileTokens } from './token-classes.ts';

/** Past what clocks may differ by, and before the tokens expire. */
const SOON_MILLISECONDS = 10_000;

/** A good token, as this door takes it. */
export const goodToken = ({ victim }: TokenScene): string => signParts(victim.good(), OWN_KEYS[0]);

/** A door that takes signed tokens, with all that is generated for it. See `door.ts`. */
export function tokenSiege(door: DoorUnderAttack): Siege<TokenScene> {
  const { name, raise, ask, wrap, end = wrap, accepted } = door;
  return {
    name,
    raise,
    ask: ({ ground }, sent) => ask(ground, sent),
    classes: { ...generatedClasses(door), ...door.ownClasses },
    async endVictim(scene) {
      expect((await ask(scene.ground, wrap(goodToken(scene)))).status).toBe(accepted);
      if (end !== wrap) await ask(scene.ground, end(goodToken(scene)));
    },
  };
}

function generatedClasses(door: DoorUnderAttack): Record<string, AttackClass<TokenScene>> {
  const { name, notApplicable = {}, refused, statuses, envelopes, over } = door;
  const tokens = hostileTokens(door);
  const classes: Record<string, AttackClass<TokenScene>> = {};
  const add = (one: HostileClass, cases: fc.Arbitrary<Attack<TokenScene>>): void => {
    classes[one] = { cases, status: statuses?.[one] ?? refused, ...over?.[one] };
  };
  for (const one of TOKEN_CLASSES) {
    if (!(one in notApplicable))
      add(
        one,
        (door.tokens?.[one] ?? tokens[one]).map((bad) => withToken(door, bad)),
      );
  }
  for (const one of ENVELOPE_CLASSES) {
    if (one in notApplicable) continue;
    const cases = envelopes[one];
    if (cases === undefined) throw new Error(`${name} has no envelopes for "${one}", and no reason why`);
    add(one, cases.map(aroundGood));
  }
  if (!('replayed' in notApplicable)) classes.replayed = replayed(door);
  return classes;
}

/** A hostile token, in the request that the door expects. */
export function withToken(
  { wrap, known = [] }: Pick<DoorUnderAttack, 'wrap' | 'known'>,
  { what, forge }: HostileToken,
): Attack<TokenScene> {
  return {
    what,
    make({ victim }) {
      const token = forge(victim.good());
      return { sent: wrap(token), secrets: tellingParts(token).filter((text) => !known.includes(text.trim())) };
    },
  };
}

/** A good token, in a hostile request. */
export function aroundGood({ what, status, wrap }: Envelope): Attack<TokenScene> {
  return {
    what,
    ...(status !== undefined && { status }),
    make(scene) {
      const token = goodToken(scene);
      return { sent: wrap(token), secrets: tellingParts(token) };
    },
  };
}

/** Tokens that were used before: as often as they come, whoever has signed in since stays. */
function replayed({ ask, wrap, accepted, statuses }: DoorUnderAttack): AttackClass<TokenScene> {
  const spent: string[] = [];
  return {
    status: statuses?.replayed ?? accepted,
    keeps: 'accounts',
    storageCallsMax: DONE_AGAIN_CALLS_MAX,
    async before(scene) {
      spent.splice(0, spent.length, goodToken(scene), goodToken(scene));
      for (const token of spent) expect((await ask(scene.ground, wrap(token))).status).toBe(accepted);
      expect(scene.victim.stands()).toBe(false);
      scene.ground.store.ambient.advance(SOON_MILLISECONDS);
      await scene.victim.signInAgain();
    },
    cases: fc.record({ which: fc.nat(1), later: fc.nat(1_000) }).map(({ which, later }) => ({
      what: `the ${which === 0 ? 'first' : 'second'}, ${later} ms later`,
      make({ ground }) {
        ground.store.ambient.advance(later);
        const token = spent[which] ?? '';
        return { sent: wrap(token), secrets: tellingParts(token) };
      },
    })),
  };
}
