import { randomUUID } from 'node:crypto';
import type { SpawnedHost } from '../../../../local/host/spawn.ts';
import type { Browser } from '../browser.ts';
import type { DirectoryWorld } from '../directory.ts';
import type { ScriptedOp } from '../scripted-op.ts';
import type { Arrived } from '../sign-in.ts';
import { type Answer, type Sent, send } from '../wire.ts';
import type { RunningApp } from '../world.ts';

/** What is needed to provoke every refusal there is. */
export interface Scene {
  readonly world: DirectoryWorld;
  /** With the directory's door open; `/api/odd` is waited for, and sent, little, and asks in a part for a step-up; `/api/long` is the same API, and is sent more. */
  readonly app: RunningApp;
  /** Signed in there. */
  readonly visitor: Arrived;
  readonly op: ScriptedOp;
  /** Uses the scripted OP, with the operator's door open. */
  readonly scripted: RunningApp;
  /** An instance of `app` whose tables nobody answers for. */
  readonly withoutTables: RunningApp;
  /** The same, its queues too. */
  readonly withoutStorage: RunningApp;
}

/** A refusal, and what it must not repeat. */
export interface Provoked {
  /** Where the log is. */
  readonly host: SpawnedHost;
  /** Null where whoever asked is gone by then. */
  readonly answer: Answer | null;
  readonly carried: readonly string[];
  /** What the document has beyond the members of every one. */
  readonly members?: Readonly<Record<string, unknown>>;
}

export type Provocation = (scene: Scene) => Promise<Provoked>;

/** What people and attackers send: it is to come back nowhere. */
export const MARKER = `mark3r-${randomUUID()}`;
/** What `/api/odd` may be sent. */
export const REQUEST_BYTES_MAX = 10_000;
export const CSRF = { 'x-csrf': '1' } as const;
/** A part of it that asks for a step-up. */
export const STEP_UP = { routes: ['GET /any/step-up'], acrs: ['c1'], maxAgeSeconds: 300 };
/** Nobody listens at port 9 of this machine. */
export const NOWHERE = 'http://127.0.0.1:9';

interface Asked extends Sent {
  /** Whose cookies go along. */
  readonly browser?: Browser;
}

/** One request of a program. */
export async function ask(
  { host, origin }: RunningApp,
  path: string,
  { browser, headers = {}, ...sent }: Asked = {},
): Promise<Provoked> {
  const url = new URL(`${origin}${path}`);
  const cookies = [...(browser?.jar.all(url.hostname) ?? [])];
  const answer = await send(url.href, {
    port: host.port,
    ...sent,
    headers: {
      accept: 'application/json',
      'user-agent': MARKER,
      ...(cookies.length > 0 && { cookie: cookies.map((pair) => pair.join('=')).join('; ') }),
      ...headers,
    },
  });
  const values = [...cookies.map(([, value]) => value), ...url.searchParams.values(), headers.authorization ?? ''];
  // The words of the wire, and what is short, are in documents and lines for other reasons.
  const carried = values.filter((value) => value.length > 10 && !/^[a-z_]+$/.test(value));
  return { host, answer, carried: [MARKER, ...carried] };
}

/** A script of this application's calls it. */
export const call = (app: RunningApp, browser: Browser, path: string, sent: Sent = {}): Promise<Provoked> =>
  ask(app, path, { browser, ...sent, headers: { ...CSRF, ...sent.headers } });

/** Has one more instance of an application for as long as it takes. */
export async function withInstance(
  { world, app }: Scene,
  changes: Readonly<Record<string, string>>,
  provoke: (instance: RunningApp) => Promise<Provoked>,
): Promise<Provoked> {
  const host = await world.startInstance(app, changes);
  try {
    return await provoke({ ...app, host });
  } finally {
    await host.stop();
  }
}
