import type { RunningApp } from '../../../http/support/world.ts';
import type { Ground } from '../ground.ts';
import { addSessions } from '../stored-account.ts';
import { callApi, signedIn, type Visitor } from '../visitor.ts';

/** Where an operation is counted: in which application, and on how many devices people are signed in there. */
export interface Setting {
  readonly ground: Ground;
  readonly app: RunningApp;
  readonly devices: number;
}

export interface Counted {
  readonly name: string;
  /** Round trips to storage of which each waits for the one before. */
  readonly rounds: number;
  /** All requests to storage. */
  readonly calls: number;
  /** Everything up to the operation; what it returns is the operation. */
  prepare(setting: Setting): Promise<() => Promise<unknown>>;
}

/** Somebody who is signed in and whose access token this instance remembers. */
export async function enter({ ground, app, devices }: Setting): Promise<Visitor> {
  const visitor = await signedIn(ground.world, app);
  if (devices > 1) await addSessions(ground, visitor, devices - 1);
  await callApi(app, visitor.browser);
  return visitor;
}
