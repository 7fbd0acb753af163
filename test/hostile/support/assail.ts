import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Answer } from '../../../shared/http/message.ts';
import {
  type DoorUnderAttack,
  ENVELOPE_CLASSES,
  type HostileClass,
  type Sent,
  TOKEN_CLASSES,
  type Victim,
} from './door.ts';
import { OWN_KEYS, signParts } from './forge.ts';
import type { Ground } from './ground.ts';
import { hostileTokens } from './token-classes.ts';

/** Cases of one class at one door; the issue asks for 20. */
const CASES_PER_CLASS = 40;
/** A limit of 64 KiB is noticed with the piece that passes it, and one more may be on its way. */
const BODY_BYTES_MAX = (64 + 2 * 16) * 1024;
/** A replay is carried out again: a tombstone, an index and an account are looked at. */
const REPLAY_CALLS_MAX = 12;
/** Past what clocks may differ by, and before the tokens expire. */
const SOON_MILLISECONDS = 10_000;
/** Shorter ones turn up by chance. */
const TELLING_CHARACTERS = 8;

interface Scene {
  readonly ground: Ground;
  readonly victim: Victim;
}

/** Registers the tests of a door: each class of hostile input, in numbers. See `door.ts` for what holds. */
export function assail(door: DoorUnderAttack): void {
  const { name, notApplicable = {}, envelopes } = door;
  const applies = (one: HostileClass): boolean => !(one in notApplicable);
  let scene: Scene;
  beforeEach(async () => {
    scene = await door.raise();
  });

  describe(`${name}, assailed`, () => {
    const tokens = hostileTokens(door);
    it.each(TOKEN_CLASSES.filter(applies))('%s: refused, and nobody is ended', async (one) => {
      await inNumbers(tokens[one], async ({ forge }) => {
        const token = forge(scene.victim.good());
        await expectRepelled(door, scene, one, token, door.wrap(token));
      });
      await expectGoodOneEnds(door, scene);
    });

    it.each(ENVELOPE_CLASSES.filter(applies))('%s: refused, and nobody is ended', async (one) => {
      const cases = envelopes[one];
      if (cases === undefined) throw new Error(`${name} has no envelopes for "${one}", and no reason why`);
      await inNumbers(cases, async ({ wrap }) => {
        const token = goodToken(scene);
        await expectRepelled(door, scene, one, token, wrap(token));
      });
      await expectGoodOneEnds(door, scene);
    });

    it.each((['replayed'] as const).filter(applies))('%s: whoever signed in since stays', async () => {
      const spent = [goodToken(scene), goodToken(scene)];
      for (const token of spent) expect((await door.ask(scene.ground, door.wrap(token))).status).toBe(door.accepted);
      expect(scene.victim.stands()).toBe(false);
      scene.ground.store.ambient.advance(SOON_MILLISECONDS);
      await scene.victim.signInAgain();
      await inNumbers(
        fc.record({ token: fc.constantFrom(...spent), later: fc.nat(1_000) }),
        async ({ token, later }) => {
          scene.ground.store.ambient.advance(later);
          await expectHarmless(door, scene, token);
        },
      );
      await expectGoodOneEnds(door, scene);
    });
  });
}

const inNumbers = <T>(cases: fc.Arbitrary<T>, holds: (one: T) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(cases, holds), { numRuns: CASES_PER_CLASS });

const goodToken = ({ victim }: Scene): string => signParts(victim.good(), OWN_KEYS[0]);

/** Has one attack answered, and holds the door to all that must be so. */
async function expectRepelled(
  door: DoorUnderAttack,
  { ground, victim }: Scene,
  one: HostileClass,
  token: string,
  sent: Sent,
): Promise<void> {
  const before = ground.rows();
  ground.takeLog();
  ground.takeCost();
  const answer = await door.ask(ground, sent);
  expect(answer.status).toBe(door.statuses?.[one] ?? door.refused);
  expect(ground.rows() === before).toBe(true);
  expectNothingLeaked(answer, ground.takeLog(), [...victim.names, ...tellingParts(token)]);
  const { storageCalls, keyReadings, bodyBytes } = ground.takeCost();
  expect(storageCalls).toBe(0);
  expect(keyReadings).toBeLessThanOrEqual(1);
  expect(bodyBytes).toBeLessThanOrEqual(BODY_BYTES_MAX);
}

/** Has a token that was used before answered: as often as it comes, it ends nobody. */
async function expectHarmless(door: DoorUnderAttack, { ground, victim }: Scene, token: string): Promise<void> {
  const accounts = () => ground.store.tables.rows('accounts').map(({ properties }) => properties);
  const before = accounts();
  ground.takeLog();
  ground.takeCost();
  const answer = await door.ask(ground, door.wrap(token));
  expect(answer.status).toBe(door.statuses?.replayed ?? door.accepted);
  expect(accounts()).toEqual(before);
  expectNothingLeaked(answer, ground.takeLog(), [...victim.names, ...tellingParts(token)]);
  expect(ground.takeCost().storageCalls).toBeLessThanOrEqual(REPLAY_CALLS_MAX);
}

/** What a class is worth: the victim was there to be ended all the time, and is by a token that is good. */
async function expectGoodOneEnds(door: DoorUnderAttack, scene: Scene): Promise<void> {
  expect(scene.victim.stands()).toBe(true);
  expect((await door.ask(scene.ground, door.wrap(goodToken(scene)))).status).toBe(door.accepted);
  expect(scene.victim.stands()).toBe(false);
}

function expectNothingLeaked({ headers, cookies, body }: Answer, log: string, secrets: readonly string[]): void {
  const said = JSON.stringify([headers, cookies, body, log]);
  expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
}

/** The token, its parts, and every text in them: what a careless answer or log would repeat. */
function tellingParts(token: string): string[] {
  const parts = token.split('.', 3);
  const texts = parts.slice(0, 2).flatMap((part) => textsIn(Buffer.from(part, 'base64url').toString()));
  return [...new Set([token, ...parts, ...texts])].filter((text) => text.length >= TELLING_CHARACTERS);
}

/** Every text of a JSON document but the names of its members, which are the specification's. */
function textsIn(json: string): string[] {
  try {
    const texts: string[] = [];
    JSON.parse(json, (_name, value) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
    return texts;
  } catch {
    return [];
  }
}
