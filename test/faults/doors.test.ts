import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RAISE_MILLISECONDS } from '../http/support/world.ts';
import type { Caller, Door } from './support/doors/door.ts';
import { DOORS } from './support/doors/doors.ts';
import { FAULTS, type Fault } from './support/faults.ts';
import { type Ground, raiseGround } from './support/ground.ts';
import { callsOf, disturb, disturber, inTurns, type StorageCall } from './support/trial.ts';

/** Within this every request is answered, whatever befalls one of its storage calls: a lease, and a call's deadline more. */
const ANSWERED_WITHIN_MILLISECONDS = 25_000;
const PATIENCE_MILLISECONDS = 120_000;
/** Most of a trial is waiting. */
const AT_ONCE = 40;
/** Up to it there is a sign-in, which is work: with more of them the machine is too slow for what they ask of storage. */
const SETTING_OUT_AT_ONCE = 4;

type Doubts = Promise<readonly string[]>;
const trials = new Map<Door, Promise<ReadonlyMap<Fault, Doubts>>>();
let tried = 0;
let ground: Ground;
beforeAll(async () => {
  ground = await raiseGround();
  const during = disturber(ground);
  const take = inTurns<readonly string[]>(AT_ONCE);
  const setOut = inTurns<Caller>(SETTING_OUT_AT_ONCE);
  for (const door of DOORS) {
    const approach: Door['approach'] = (to) => setOut(() => door.approach(to));
    trials.set(door, forLater(begin({ ...door, approach }, during, take)));
  }
}, RAISE_MILLISECONDS);
afterAll(async () => {
  await ground.stop();
  process.stdout.write(`faults tried: ${tried}\n`);
});

const faultsOf = ({ meets }: Door) => FAULTS.filter(({ takesEffect }) => meets === 'all' || takesEffect);

/** A promise that its test awaits when its turn comes: should it fail before, that is no accident of the process. */
function forLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** Learns a door's storage calls, and sets out to disturb each of them by each fault. */
async function begin(
  door: Door,
  during: ReturnType<typeof disturber>,
  take: ReturnType<typeof inTurns<readonly string[]>>,
): Promise<ReadonlyMap<Fault, Doubts>> {
  const calls = await callsOf(ground, during, door);
  const doubts = new Map<Fault, Doubts>();
  for (const fault of faultsOf(door)) {
    const hasBody = ({ title }: StorageCall) => /^(read|list) /.test(title);
    const befallen = fault.befalls === 'all' ? calls : calls.filter(hasBody);
    tried += befallen.length;
    const disturbed = befallen.map((call) =>
      take(() => disturb(ground, during, door, call, fault, ANSWERED_WITHIN_MILLISECONDS)),
    );
    doubts.set(fault, forLater(Promise.all(disturbed).then((all) => all.flat())));
  }
  return doubts;
}

describe.each(DOORS)('$name', (door) => {
  it.each(faultsOf(door))(
    'says nothing that is not true, and works again, after $name',
    async (fault) => {
      expect(await (await trials.get(door))?.get(fault)).toEqual([]);
    },
    PATIENCE_MILLISECONDS,
  );
});

describe('every application', () => {
  it('has lived through all of it', () => {
    const lines = ground.apps.flatMap(({ host }) => host.lines);
    expect(lines.filter((line) => line.includes('"event":"error"'))).toEqual([]);
  });
});
