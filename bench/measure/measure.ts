import type { Options } from '../options.ts';
import { type Cores, pin } from '../stage/cores.ts';
import { type Crowd, raiseStage, type Stage } from '../stage/stage.ts';
import { asksNobody, type Storage, type Subject, type SubjectName, startSubject } from '../subjects/subjects.ts';
import type { Cell, Results } from './results.ts';
import { timeRounds } from './time-rounds.ts';
import { timeSlice } from './time-slice.ts';
import { countWire, type Wire } from './wire.ts';

/** More than connections, so that no session has two calls under way. */
const PEOPLE = 50;
/** Who is on many devices, for what a call asks of storage: small caches, large ones. */
const ON_MANY_DEVICES: readonly Crowd[] = [
  { people: 1, resources: 1, devices: 64 },
  { people: 1, resources: 20, devices: 16 },
];
const WARM_CONCURRENCY = 16;
const WARM_PARTS = 4;
const WARM_CALLS = 6_000;

/**
 * Brings up a stage and times everything that is asked for on it.
 *
 * @param tell told of what is done now
 * @throws WrongAnswer where a subject has given one
 */
export async function measure(options: Options, cores: Cores | null, tell: (what: string) => void): Promise<Results> {
  tell(`raising the stage: ${PEOPLE} people for each size of cache`);
  const stage = await raiseStage([
    ...options.resources.map((resources) => ({ people: PEOPLE, resources, devices: 1 })),
    ...(options.countsWire ? ON_MANY_DEVICES : []),
  ]);
  try {
    const wires = options.countsWire ? await wiresOf(stage, options.subjects, tell) : [];
    const cells = await cellsOf(stage, options, cores, tell);
    return { cells, wires };
  } finally {
    await stage.stop();
  }
}

async function wiresOf(stage: Stage, names: readonly SubjectName[], tell: (what: string) => void): Promise<Wire[]> {
  tell('counting storage calls on the wire');
  return countWire(
    stage,
    names.filter((name) => !asksNobody(name)),
  );
}

async function cellsOf(
  stage: Stage,
  options: Options,
  cores: Cores | null,
  tell: (what: string) => void,
): Promise<Cell[]> {
  const running: Subject[] = [];
  const start = async (storage: Storage, names: readonly SubjectName[]): Promise<Subject[]> => {
    const started: Subject[] = [];
    for (const name of names) {
      const subject = await startSubject(stage, name, storage);
      running.push(subject);
      started.push(subject);
      if (cores) pin(subject.pid, cores.tested);
      tell(`warming up ${name}, storage: ${storage}`);
      await warmUp(subject, stage, options.warmSeconds);
    }
    return started;
  };
  const stop = async (subjects: readonly Subject[]): Promise<void> => {
    for (const subject of subjects) await subject.stop();
  };
  try {
    const cells: Cell[] = [];
    // Those that ask no storage are the same whatever storage is.
    const shared = await start('azurite', options.subjects.filter(asksNobody));
    for (const storage of options.storages) {
      const own = await start(
        storage,
        options.subjects.filter((name) => !asksNobody(name) && !options.without[storage]?.includes(name)),
      );
      cells.push(...(await cellsWith(stage, options, storage, [...own, ...shared], tell)));
      await stop(own);
    }
    return cells;
  } finally {
    await stop(running);
  }
}

/**
 * Until it has worked for so long and has had enough calls: on a busy machine time alone compiles little. Those that ask
 * nobody have had enough in half the time.
 */
async function warmUp(subject: Subject, { users }: Stage, seconds: number): Promise<void> {
  const load = { concurrency: WARM_CONCURRENCY, leadSeconds: 0, users: users.filter(({ devices }) => devices === 1) };
  const parts = asksNobody(subject.name) ? WARM_PARTS / 2 : WARM_PARTS;
  let calls = 0;
  for (let part = 0; part < parts || (calls < WARM_CALLS && part < 2 * WARM_PARTS); part += 1) {
    const { requests } = await timeSlice(subject, { ...load, seconds: seconds / WARM_PARTS });
    calls += requests;
  }
}

async function cellsWith(
  { users }: Stage,
  options: Options,
  storage: Storage,
  subjects: readonly Subject[],
  tell: (what: string) => void,
): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const resources of options.resources) {
    const callers = users.filter((user) => user.resources === resources && user.devices === 1);
    for (const concurrency of options.concurrencies) {
      tell(`timing ${options.rounds} rounds, storage: ${storage}, ${resources} resources, concurrency ${concurrency}`);
      const { leadSeconds, sliceSeconds: seconds } = options;
      const load = { concurrency, leadSeconds, seconds, users: callers };
      cells.push({ storage, resources, concurrency, rounds: await timeRounds(subjects, load, options) });
    }
  }
  return cells;
}
