import { callOnce, connectionsTo } from '../load/load.ts';
import { startCountingProxy } from '../stage/counting-proxy.ts';
import type { Stage, StagedUser } from '../stage/stage.ts';
import { type Subject, type SubjectName, startSubject, tableEndpointOf } from '../subjects/subjects.ts';
import { spreadOf } from './percentiles.ts';

/** What one call asks of storage. */
export interface Wire {
  readonly subject: SubjectName;
  /** Whose cache holds tokens for so many resources, and who is signed in on so many devices. */
  readonly resources: number;
  readonly devices: number;
  readonly reads: number;
  readonly writes: number;
  readonly sentBytes: number;
  readonly answeredBytes: number;
  /** By ten calls of one session that are sent at once, in all: the median of some tries, as some may arrive late. */
  readonly readsOfTen: number;
}

const CALLS = 10;
const TRIES = 9;

/** Counts on the wire what each subject asks of storage for a call, in processes that are there for this alone. */
export async function countWire(stage: Stage, names: readonly SubjectName[]): Promise<Wire[]> {
  const wires: Wire[] = [];
  const { tablesConnectionString } = stage;
  const proxy = await startCountingProxy(tablesConnectionString, tableEndpointOf(tablesConnectionString));
  try {
    for (const name of names) {
      const subject = await startSubject(stage, name, 'azurite', proxy.connectionString);
      try {
        for (const user of oneOfEach(stage.users)) wires.push(await countCalls(subject, user, proxy.take));
      } finally {
        await subject.stop();
      }
    }
  } finally {
    await proxy.close();
  }
  return wires;
}

function oneOfEach(users: readonly StagedUser[]): StagedUser[] {
  const kinds = Map.groupBy(users, ({ resources, devices }) => `${resources} ${devices}`);
  return [...kinds.values()].flatMap(([first]) => first ?? []);
}

async function countCalls(
  subject: Subject,
  user: StagedUser,
  take: Awaited<ReturnType<typeof startCountingProxy>>['take'],
): Promise<Wire> {
  const clients = connectionsTo(subject, CALLS);
  try {
    // The first call of a session finds no token in memory yet; all connections are made.
    for (const client of clients) await callOnce(subject, client, user);
    take();
    for (const client of clients) await callOnce(subject, client, user);
    const inTurn = take();
    const atOnce: number[] = [];
    for (let tries = 0; tries < TRIES; tries += 1) {
      await Promise.all(clients.map((client) => callOnce(subject, client, user)));
      atOnce.push(take().reads);
    }
    return {
      subject: subject.name,
      resources: user.resources,
      devices: user.devices,
      reads: inTurn.reads / CALLS,
      writes: inTurn.writes / CALLS,
      sentBytes: inTurn.sentBytes / CALLS,
      answeredBytes: inTurn.answeredBytes / CALLS,
      readsOfTen: spreadOf(atOnce).median,
    };
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
}
