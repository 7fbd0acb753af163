import { readBy } from '../../shared/settings/schema.ts';
import { sessionKeys } from '../../shared/settings/session-keys.ts';

/** How far a rotation has come. It is kept with the secret, as a tag. */
export type Step =
  /** Nothing is being rotated. */
  | 'at-rest'
  /** `old,new`: the new key opens on every instance that knows it, and seals on none. */
  | 'spreading'
  /** `new,old`: the new key seals, and the old one opens what it sealed before. */
  | 'sealing';

/** What the secret holds, read. */
export interface KeyState {
  readonly step: Step;
  /** `kid:base64`, the first seals. Never to be shown. */
  readonly entries: readonly [string, ...string[]];
}

export type ReadKeys =
  | { readonly ok: true; readonly state: KeyState }
  /** Why it cannot be gone on with, in words; nothing of the value. */
  | { readonly ok: false; readonly problem: string };

const KEY_BYTES = 32;
const STEPS: readonly string[] = ['at-rest', 'spreading', 'sealing'] satisfies Step[];

/**
 * Reads what the vault has. A single key needs no tag; of several only the tag tells which of them is new.
 *
 * @param value of the secret, as `SESSION_KEYS` is written
 * @param tag the step, as it was tagged
 */
export function readKeys(value: string, tag: string | undefined): ReadKeys {
  const read = readBy(sessionKeys, value);
  if (!read.ok)
    return { ok: false, problem: `is no SESSION_KEYS: ${read.issues.map(({ message }) => message).join('; ')}` };
  const [first = '', ...others] = value.split(',').map((entry) => entry.trim());
  if (others.length === 0) return { ok: true, state: { step: 'at-rest', entries: [first] } };
  if (others.length > 1) return { ok: false, problem: 'holds more than two keys: it was not written by this command' };
  if (tag !== 'spreading' && tag !== 'sealing') {
    return {
      ok: false,
      problem: 'holds two keys, and no tag says which of them is new: it was not written by this command',
    };
  }
  return { ok: true, state: { step: tag, entries: [first, ...others] } };
}

export const isStep = (text: string): text is Step => STEPS.includes(text);

/** The key ids of a state, which are no secret. */
export const kidsOf = ({ entries }: KeyState): readonly string[] => entries.map(kidOf);

const kidOf = (entry: string): string => entry.slice(0, entry.indexOf(':'));

/**
 * A new key: 32 bytes of the operating system's randomness.
 *
 * @param now milliseconds since the epoch: its id is the day, `2026-11-29`, and `2026-11-29-2` where that day has one
 * @param taken ids that it has to come after: a value that was sealed under one of them, or under one that they came after, would be
 * taken for altered
 */
export function newEntry(randomBytes: (count: number) => Uint8Array, now: number, taken: readonly string[]): string {
  const day = new Date(now).toISOString().slice(0, 10);
  const last = Math.max(0, ...taken.map((kid) => placeWithin(day, kid)));
  const kid = last === 0 ? day : `${day}-${last + 1}`;
  return `${kid}:${Buffer.from(randomBytes(KEY_BYTES)).toString('base64')}`;
}

/** Which of a day's keys an id names, from 1 on; 0 for one of another day. */
function placeWithin(day: string, kid: string): number {
  if (kid === day) return 1;
  const rest = kid.startsWith(`${day}-`) ? kid.slice(day.length + 1) : '';
  return /^\d{1,4}$/.test(rest) ? Number(rest) : 0;
}

/** `old` to `old,new`. */
export function spreading({ entries: [sealing] }: KeyState, added: string): KeyState {
  return { step: 'spreading', entries: [sealing, added] };
}

/** `old,new` to `new,old`. */
export function sealing({ entries: [old, added = old] }: KeyState): KeyState {
  return { step: 'sealing', entries: [added, old] };
}

/** `new,old` to `new`. */
export function atRest({ entries: [sealing] }: KeyState): KeyState {
  return { step: 'at-rest', entries: [sealing] };
}
