import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import type { Ambient } from '../../shared/ambient/ambient.ts';

/** What one answer of `/health/ready` said of session keys. */
export interface Sighting {
  readonly instance: string;
  readonly seals: string;
  readonly opens: readonly string[];
  /** So many minutes a key is needed when it seals no more. */
  readonly neededMinutes: number;
}

/** Asks some instance of an application, whichever the platform has answer; null where none said. */
export type AskInstance = (app: string) => Promise<Sighting | null>;

export interface Patience {
  /** So long every answer has to be as wanted: by then each instance has answered, or was not asked for anything. */
  readonly quietMilliseconds: number;
  readonly pauseMilliseconds: number;
  readonly giveUpMilliseconds: number;
  /** At once, each on a connection of its own, so that they come to several instances. */
  readonly asksAtOnce: number;
  /** So many different instances have to have answered: for applications with instances that are always ready. */
  readonly instances: number;
}

export const PATIENCE: Patience = {
  quietMilliseconds: 3 * 60_000,
  pauseMilliseconds: 5_000,
  giveUpMilliseconds: 45 * 60_000,
  asksAtOnce: 8,
  instances: 1,
};

export interface Waited {
  readonly outcome: 'all' | 'gave-up';
  /** How many different instances answered as wanted while all did, and the most that any of them needs. */
  readonly instances: number;
  readonly neededMinutes: number;
}

/**
 * Waits until every instance of all applications is as wanted, as far as anybody can know who has no list of them: in a window of
 * time every answer was, from whichever instance it came. An answer that is none, or not as wanted, begins the window anew.
 *
 * @param onChange told when the last answers differ in kind from those before
 */
export async function waitForAll(
  { monotonic, sleep }: Pick<Ambient, 'monotonic' | 'sleep'>,
  ask: AskInstance,
  apps: readonly string[],
  isAsWanted: (sighting: Sighting) => boolean,
  patience: Patience = PATIENCE,
  onChange: (line: string) => void = () => {},
): Promise<Waited> {
  const began = monotonic();
  let quietSince: number | null = null;
  let told = '';
  let neededMinutes = 0;
  let seen = new Set<string>();
  for (;;) {
    const asks = apps.flatMap((app) => Array.from({ length: patience.asksAtOnce }, () => ask(app)));
    const sightings = await Promise.all(asks);
    const known = sightings.filter((one) => one !== null);
    const wanted = known.filter(isAsWanted);
    const now = monotonic();
    if (wanted.length === sightings.length) {
      quietSince ??= now;
      for (const { instance } of wanted) seen.add(instance);
      for (const one of wanted) neededMinutes = Math.max(neededMinutes, one.neededMinutes);
      if (now - quietSince >= patience.quietMilliseconds && seen.size >= patience.instances) {
        return { outcome: 'all', instances: seen.size, neededMinutes };
      }
    } else {
      quietSince = null;
      seen = new Set();
    }
    const line = describe(sightings.length, known, wanted);
    if (line !== told) onChange(line);
    told = line;
    if (now - began >= patience.giveUpMilliseconds) return { outcome: 'gave-up', instances: seen.size, neededMinutes };
    await sleep(patience.pauseMilliseconds);
  }
}

function describe(asked: number, known: readonly Sighting[], wanted: readonly Sighting[]): string {
  const count = (those: readonly Sighting[]): number => new Set(those.map(({ instance }) => instance)).size;
  const lacking = known.filter((one) => !wanted.includes(one));
  const silent = asked - known.length;
  const instances = `${count(wanted)} instance(s) have it`;
  if (lacking.length > 0) return `${instances}, ${count(lacking)} not yet`;
  return silent > 0 ? `${instances}, some answers are none` : instances;
}

const ASK_MILLISECONDS_MAX = 20_000;
const ANSWER_BYTES_MAX = 65_536;

/** By HTTP, on a connection that is used once. */
export const askByHttp: AskInstance = (app) =>
  new Promise((resolve) => {
    const url = new URL('/health/ready', app);
    const get = url.protocol === 'http:' ? getHttp : getHttps;
    const none = (): void => resolve(null);
    const request = get(url, { agent: false, signal: AbortSignal.timeout(ASK_MILLISECONDS_MAX) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > ANSWER_BYTES_MAX) response.destroy();
      });
      response.on('error', none);
      response.on('close', none);
      response.on('end', () => resolve(parseSighting(text)));
    });
    request.on('error', none);
  });

/** A name goes to the terminal as it is. */
const NAME = /^[\w.-]{1,64}$/;
/** No session lives as long: what says so is no answer of ours. */
export const MINUTES_MAX = 10 * 365 * 24 * 60;

const isName = (value: unknown): value is string => typeof value === 'string' && NAME.test(value);

/** Also of an instance that is not ready otherwise: what it seals and opens with it knows. */
export function parseSighting(text: string): Sighting | null {
  try {
    const { instance, sessionKeys } = JSON.parse(text) as { instance?: unknown; sessionKeys?: Partial<Sighting> };
    const { seals, opens, neededMinutes } = sessionKeys ?? {};
    if (!isName(instance) || !isName(seals) || !Array.isArray(opens) || !opens.every(isName)) return null;
    if (!Number.isInteger(neededMinutes) || neededMinutes === undefined) return null;
    return neededMinutes > 0 && neededMinutes <= MINUTES_MAX ? { instance, seals, opens, neededMinutes } : null;
  } catch {
    return null;
  }
}
