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
const CASES_PER_CLASS = 60;
/** A limit of 64 KiB is noticed with the piece that passes it, and one more may be on its way. */
const BODY_BYTES_MAX = (64 + 2 * 16) * 1024;
/** Shorter ones turn up by chance. */
const TELLING_CHARACTERS = 8;

/** Registers the tests of a door: each class of hostile input, in numbers. See `door.ts` for what holds. */
export function assail(door: DoorUnderAttack): void {
  const { name, notApplicable = {}, envelopes } = door;
  const statusOf = (one: HostileClass): number => door.statuses?.[one] ?? door.refused;
  let ground: Ground;
  let victim: Victim;
  beforeEach(async () => {
    ({ ground, victim } = await door.raise());
  });
  const goodToken = (): string => signParts(victim.good(), OWN_KEYS[0]);

  /** Has one attack answered, and holds it to all that must be so. */
  async function expectRepelled(sent: Sent, token: string, status: number): Promise<void> {
    const before = ground.rows();
    ground.takeLog();
    ground.takeCost();
    const answer = await door.ask(ground, sent);
    expect(answer.status).toBe(status);
    expect(ground.rows() === before).toBe(true);
    expectNothingLeaked(answer, ground.takeLog(), [...victim.names, ...tellingParts(token)]);
    const { storageCalls, keyReadings, bodyBytes } = ground.takeCost();
    expect(storageCalls).toBe(0);
    expect(keyReadings).toBeLessThanOrEqual(1);
    expect(bodyBytes).toBeLessThanOrEqual(BODY_BYTES_MAX);
  }

  /** What a class is worth: the victim was there to be ended all the time, and is by a token that is good. */
  async function expectGoodOneEnds(): Promise<void> {
    expect(victim.stands()).toBe(true);
    const answer = await door.ask(ground, door.wrap(goodToken()));
    expect(answer.status).toBe(door.accepted);
    expect(victim.stands()).toBe(false);
  }

  describe(`${name}, assailed`, () => {
    const tokens = hostileTokens(door);
    it.each(TOKEN_CLASSES.filter((one) => !(one in notApplicable)))('%s: refused, and nobody is ended', async (one) => {
      const property = fc.asyncProperty(tokens[one], async ({ forge }) => {
        const token = forge(victim.good());
        await expectRepelled(door.wrap(token), token, statusOf(one));
      });
      await fc.assert(property, { numRuns: CASES_PER_CLASS });
      await expectGoodOneEnds();
    });

    it.each(ENVELOPE_CLASSES.filter((one) => !(one in notApplicable)))(
      '%s: refused, and nobody is ended',
      async (one) => {
        const cases = envelopes[one];
        if (cases === undefined) throw new Error(`${name} has no envelopes for "${one}", and no reason why`);
        const property = fc.asyncProperty(cases, async ({ wrap }) => {
          const token = goodToken();
          await expectRepelled(wrap(token), token, statusOf(one));
        });
        await fc.assert(property, { numRuns: CASES_PER_CLASS });
        await expectGoodOneEnds();
      },
    );

    if (!('replayed' in notApplicable)) {
      it('replayed: whoever signed in since stays', async () => {
        const spent = [goodToken(), goodToken()];
        for (const token of spent) expect((await door.ask(ground, door.wrap(token))).status).toBe(door.accepted);
        expect(victim.stands()).toBe(false);
        ground.store.ambient.advance(10_000);
        await victim.signInAgain();
        const again = fc.record({ which: fc.nat(spent.length - 1), later: fc.nat(1_000) });
        const property = fc.asyncProperty(again, async ({ which, later }) => {
          ground.store.ambient.advance(later);
          const before = ground.store.tables.rows('accounts').map(({ properties }) => properties);
          ground.takeLog();
          const token = spent[which] ?? '';
          const answer = await door.ask(ground, door.wrap(token));
          expect(answer.status).toBe(door.statuses?.replayed ?? door.accepted);
          expect(ground.store.tables.rows('accounts').map(({ properties }) => properties)).toEqual(before);
          expectNothingLeaked(answer, ground.takeLog(), [...victim.names, ...tellingParts(token)]);
        });
        await fc.assert(property, { numRuns: CASES_PER_CLASS });
        await expectGoodOneEnds();
      });
    }
  });
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
