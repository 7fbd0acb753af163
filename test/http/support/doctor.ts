import { expect } from '@jest/globals';
import { createAsk } from '../../../infra/doctor/ask.ts';
import type { Wanted } from '../../../infra/doctor/ask-all.ts';
import { type Diagnosis, examine, type Judged } from '../../../infra/doctor/examine.ts';
import { duringTests } from './ground.ts';
import { type InFront, type Meddling, startInFront } from './in-front.ts';
import type { RunningApp, World } from './world.ts';

const ask = createAsk(new AbortController().signal);

/** What the doctor finds of an application. */
export async function diagnose(app: Pick<RunningApp, 'origin'>, more: Partial<Wanted> = {}): Promise<Diagnosis> {
  return examine(ask, { origin: app.origin, metadataUrl: null, api: null, triesInvocationId: false, ...more });
}

/** What is not in order: by check, its verdict and sentence. */
export async function faultsOf(app: Pick<RunningApp, 'origin'>, more: Partial<Wanted> = {}) {
  const diagnosis = await diagnose(app, more);
  if (diagnosis.outcome !== 'asked') throw new Error(diagnosis.reason);
  return shown(diagnosis.judged.filter(({ verdict }) => verdict !== 'ok'));
}

const shown = (judged: readonly Judged[]): Record<string, string> =>
  Object.fromEntries(judged.map(({ check, verdict, says }) => [check.id, `${verdict}: ${says}`]));

/** What is never in order on this machine: plain http, and what is not tried. */
export const USUAL = {
  'logout-url': expect.stringMatching(/^warn: .*is not https/),
  'invocation-id': expect.stringMatching(/^unknown: /),
};

/** The machine's own name, to which an application on it answers too. */
export const otherName = ({ port }: Pick<RunningApp, 'port'>): string => `http://localhost:${port}`;

/** Runs an application with other settings for as long as it takes. */
export async function withApp<Result>(
  world: World,
  changes: Readonly<Record<string, string | undefined>>,
  use: (app: RunningApp) => Promise<Result>,
): Promise<Result> {
  const app = await world.startApp(changes);
  try {
    return await use(app);
  } finally {
    await app.host.stop();
  }
}

/** Takes headers away, and sets others. */
export const changing =
  (changes: Readonly<Record<string, string | undefined>>): NonNullable<Meddling['answer']> =>
  (headers) => {
    const kept = Object.entries({ ...headers, ...changes }).filter(([, value]) => value !== undefined);
    return Object.fromEntries(kept);
  };

/** An application of which the OP knows no redirect URI: its origin is of what stands in front. */
export function withFront(world: World): { readonly front: InFront; readonly app: RunningApp } {
  return duringTests(
    async () => {
      const front = await startInFront();
      return { front, app: await world.startApp({ PUBLIC_ORIGIN: front.origin }) };
    },
    async ({ front, app }) => {
      await app.host.stop();
      await front.close();
    },
  );
}
