/**
 * # A door, held to what must be so whatever comes in
 *
 * A `Siege` is a door, somebody who is signed in behind it, and classes of hostile requests. Of each class
 * {@link CASES_PER_CLASS} cases are generated (fast-check; a failure prints its seed and shrinks). Each has to be answered with
 * the right status; leave every stored row as it is, to the ETag (or those of the accounts, where a tombstone may be written);
 * put nothing that is secret into answer or log; and cost no more storage calls, readings of keys and bytes of the body than
 * said. When a class is through, the victim still stands, and a good request ends them: so none passes for want of anything
 * to end.
 *
 * Doors that take signed tokens are besieged by `tokenSiege` of `token-siege.ts`.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Answer } from '../../../shared/http/message.ts';
import type { Ground, Sent } from './ground.ts';

/** Cases of one class at one door; what is asked for is 20. */
export const CASES_PER_CLASS = 40;
/** A limit of 64 KiB is noticed with the piece that passes it, and one more may be on its way. */
const BODY_BYTES_MAX = (64 + 2 * 16) * 1024;
/** What is ended and found gone again: a tombstone, an index and an account are looked at. */
export const DONE_AGAIN_CALLS_MAX = 12;

/** Somebody who is signed in. */
export interface Victim {
  /** Whether the person is signed in. */
  stands(): boolean;
  /** What may be in no answer and in no log: `sid`, subject, account. */
  readonly names: readonly string[];
}

export interface Scene {
  readonly ground: Ground;
  readonly victim: Victim;
}

/** One hostile request. The text says what is wrong with it, for whoever reads a failure. */
export interface Attack<S extends Scene> {
  readonly what: string;
  /** Where it is answered otherwise than its class. */
  readonly status?: number;
  make(scene: S): Attempt;
}

export interface Attempt {
  readonly sent: Sent;
  /** What of it may be in no answer and in no log, beside the victim's names. */
  readonly secrets: readonly string[];
}

export interface AttackClass<S extends Scene> {
  readonly cases: fc.Arbitrary<Attack<S>>;
  readonly status: number;
  /** `accounts`: tombstones may be written, since nobody can know that such a session is not about to be. By default all. */
  readonly keeps?: 'everything' | 'accounts';
  /** By default none. */
  readonly storageCallsMax?: number;
  readonly bodyBytesMax?: number;
  /** It is met before any trigger is. */
  readonly atEdge?: boolean;
  /** What has happened before. */
  before?(scene: S): Promise<void>;
  /** What must be so after each case; by default what the door says. */
  after?(scene: S, answer: Answer): void | Promise<void>;
}

export interface Siege<S extends Scene> {
  readonly name: string;
  raise(): Promise<S>;
  /** Has the real trigger answer. */
  ask(scene: S, sent: Sent, atEdge: boolean): Promise<Answer>;
  readonly classes: Readonly<Record<string, AttackClass<S>>>;
  /** What must be so after each case, beside what is for every door. */
  after?(scene: S, answer: Answer): void | Promise<void>;
  /** A good request, answered as good, after which the victim is to be gone. */
  endVictim(scene: S): Promise<void>;
}

/** Registers the tests of a door: each class of hostile input, in numbers. */
export function besiege<S extends Scene>(siege: Siege<S>): void {
  describe(`${siege.name}, assailed`, () => {
    let scene: S;
    beforeEach(async () => {
      scene = await siege.raise();
    });

    it.each(Object.entries(siege.classes))('%s: nobody is ended, and nothing is told', async (_name, one) => {
      await one.before?.(scene);
      let met = 0;
      const holds = async (attack: Attack<S>) => {
        await expectRepelled(siege, scene, one, attack);
        met += 1;
      };
      await fc.assert(fc.asyncProperty(one.cases, holds), { numRuns: CASES_PER_CLASS });
      expect(met).toBe(CASES_PER_CLASS);
      expect(scene.victim.stands()).toBe(true);
      await siege.endVictim(scene);
      expect(scene.victim.stands()).toBe(false);
    });
  });
}

/** Has one attack answered, and holds the door to all that must be so. */
async function expectRepelled<S extends Scene>(
  siege: Siege<S>,
  scene: S,
  { status, keeps = 'everything', storageCallsMax = 0, bodyBytesMax = BODY_BYTES_MAX, ...one }: AttackClass<S>,
  attack: Attack<S>,
): Promise<void> {
  const { ground, victim } = scene;
  const rows = (): string => (keeps === 'everything' ? ground.rows() : ground.accountRows());
  const { sent, secrets } = attack.make(scene);
  const before = rows();
  ground.takeLog();
  ground.takeCost();
  const answer = await siege.ask(scene, sent, one.atEdge ?? false);
  expect(answer.status).toBe(attack.status ?? status);
  expect(rows() === before).toBe(true);
  expectNothingLeaked(answer, ground.takeLog(), [...victim.names, ...secrets]);
  const cost = ground.takeCost();
  expect(cost.storageCalls).toBeLessThanOrEqual(storageCallsMax);
  expect(cost.keyReadings).toBeLessThanOrEqual(1);
  expect(cost.bodyBytes).toBeLessThanOrEqual(bodyBytesMax);
  await (one.after ?? siege.after)?.(scene, answer);
}

function expectNothingLeaked({ headers, cookies, body }: Answer, log: string, secrets: readonly string[]): void {
  const said = JSON.stringify([headers, cookies, body, log]);
  expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
}
