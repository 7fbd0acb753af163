import { Client } from 'undici';
import type { StagedUser } from '../stage/stage.ts';
import type { Subject } from '../subjects/subjects.ts';

const PATH = '/api/graph/me';
/** A subject that says nothing for so long has failed. */
const SILENCE_MILLISECONDS = 15_000;

export interface Load {
  readonly concurrency: number;
  /** Of calls that do not count, before those that do: connections are made, and a subject that slept is awake. */
  readonly leadSeconds: number;
  readonly seconds: number;
  /** Take turns: with more people than connections, no session has two calls under way. */
  readonly users: readonly StagedUser[];
}

export interface Sent {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds, ascending. */
  readonly latencies: Float64Array;
}

/** An answer that is not what it should be: nothing that was timed is worth anything then. */
export class WrongAnswer extends Error {}

/**
 * Calls over so many connections that are kept alive, each with one call under way, and checks every answer.
 *
 * @param timed told when the lead is over, and again when the last call has been answered
 * @throws WrongAnswer
 */
export async function sendLoad(
  subject: Subject,
  { concurrency, leadSeconds, seconds, users }: Load,
  timed: { begin(): Promise<unknown>; end(): Promise<unknown> },
): Promise<Sent> {
  const clients = connectionsTo(subject, concurrency);
  const turns = takeTurns(users);
  const during = async (forSeconds: number): Promise<number[]> => {
    const until = performance.now() + forSeconds * 1_000;
    const ofEach = await Promise.all(clients.map((client) => callUntil(subject, client, turns, until)));
    return ofEach.flat();
  };
  try {
    await during(leadSeconds);
    await timed.begin();
    const began = performance.now();
    const latencies = await during(seconds);
    const took = (performance.now() - began) / 1_000;
    await timed.end();
    return { requests: latencies.length, seconds: took, latencies: Float64Array.from(latencies).sort() };
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
}

/** Connections that are kept alive, with one call under way on each. */
export function connectionsTo({ origin }: Subject, count: number): Client[] {
  const silence = { headersTimeout: SILENCE_MILLISECONDS, bodyTimeout: SILENCE_MILLISECONDS };
  return Array.from({ length: count }, () => new Client(origin, { pipelining: 1, ...silence }));
}

function takeTurns(users: readonly StagedUser[]): () => StagedUser {
  let turn = 0;
  return () => {
    const user = users[turn % users.length];
    turn += 1;
    if (user === undefined) throw new Error('nobody to call');
    return user;
  };
}

async function callUntil(subject: Subject, client: Client, turns: () => StagedUser, until: number): Promise<number[]> {
  const latencies: number[] = [];
  while (performance.now() < until) {
    const user = turns();
    const began = performance.now();
    await callOnce(subject, client, user);
    latencies.push(performance.now() - began);
  }
  return latencies;
}

/** One call, whose answer must be this user's: by their own token the upstream knew them. */
export async function callOnce(subject: Subject, client: Client, user: StagedUser): Promise<void> {
  const headers = { cookie: subject.cookieOf(user), 'x-csrf': '1', accept: 'application/json' };
  let [statusCode, text] = [0, ''];
  try {
    const answer = await client.request({ path: PATH, method: 'GET', headers });
    statusCode = answer.statusCode;
    text = await answer.body.text();
  } catch (error) {
    throw new WrongAnswer(`${subject.name} did not answer ${user.id}: ${String(error)}`);
  }
  if (statusCode === 200 && text === subject.answerTo(user)) return;
  throw new WrongAnswer(`${subject.name} answered ${user.id} with ${statusCode}: ${text.slice(0, 300)}`);
}
