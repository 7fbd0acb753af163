import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { createJoined } from '../ambient/joined.ts';

const TOKENS_MAX = 20_000;
/** Where the OP gave no other token because it was down, it is not asked with every call. */
const PAUSE_MILLISECONDS = 30_000;

/** So many times in so long a token, its replacement and so on are replaced: an API may take each new one, and refuse it a call later. */
const REPLACEMENTS_MAX = 4;
const REPLACEMENTS_MILLISECONDS = 10 * 60_000;

/** How an API refused a token: as such, or for claims that it wants in it. */
export type Refusal = 'plain' | 'claims';

/**
 * The access tokens that APIs have refused although we believed them good: each is replaced once for each way of being
 * refused. A replacement that is refused as well is not replaced again, so that an API that refuses everything costs no more
 * redemptions; one that is taken for a while is replaced a few times in a row. Of this instance, bounded, by hash: it holds no token.
 */
export interface RefusedTokens {
  /**
   * Told that an API has refused a token.
   *
   * @returns whether another is still to be got for it; 'interaction': the OP gives one only where the person is there
   */
  refuse(token: string, how: Refusal): 'replace' | 'interaction' | 'final';
  /** Told that an API took a token. */
  accept(token: string): void;
  /** Gets another for a refused token: once for all who ask for the same meanwhile. */
  replace<T>(token: string, claims: string | null, get: () => Promise<T>): Promise<T>;
  /** A token that was got in place of one that was refused before: refused as well, nothing more can be done. */
  replacedBy(token: string, before: string): void;
  /** No other was to be had, and why: where something did not answer, perhaps later. */
  keep(token: string, how: Refusal, why: 'unavailable' | 'refused' | 'interaction'): void;
}

interface Entry {
  /** It replaces a refused one, and no API has taken it yet. */
  readonly unproven: boolean;
  /** By the monotonic clock, when the tokens in a row were got of which it is the last. */
  readonly gotAt: readonly number[];
  /** Until when, by the monotonic clock, no other is got for it. */
  readonly plain: number;
  readonly claims: number;
  /** The OP wants the person for another. */
  readonly interaction: boolean;
}

const ALWAYS = Number.POSITIVE_INFINITY;
const NEVER = Number.NEGATIVE_INFINITY;
const NOTHING: Entry = { unproven: false, gotAt: [], plain: NEVER, claims: NEVER, interaction: false };
const FINAL: Entry = { ...NOTHING, plain: ALWAYS, claims: ALWAYS };

/** @param monotonic milliseconds */
export function createRefusedTokens(monotonic: () => number): RefusedTokens {
  const entries = new LRUCache<string, Entry>({ max: TOKENS_MAX });
  const joined = createJoined<unknown>();
  const hadItsFew = ({ gotAt: [first = NEVER, ...more] }: Entry): boolean =>
    more.length === REPLACEMENTS_MAX - 1 && monotonic() - first < REPLACEMENTS_MILLISECONDS;
  return {
    refuse(token, how) {
      const key = hashed(token);
      const entry = entries.get(key) ?? NOTHING;
      if (entry.unproven) entries.set(key, FINAL);
      else if (entry[how] <= monotonic() && !hadItsFew(entry)) return 'replace';
      return entry.interaction ? 'interaction' : 'final';
    },
    accept(token) {
      // Every call that goes well comes by here.
      if (entries.size === 0) return;
      const key = hashed(token);
      const entry = entries.peek(key);
      if (entry?.unproven) entries.set(key, { ...entry, unproven: false });
    },
    replace: (token, claims, get) => joined(hashed(`${token} ${claims ?? ''}`), get),
    replacedBy(token, before) {
      const key = hashed(token);
      if (entries.has(key)) return;
      const gotAt = [...(entries.get(hashed(before))?.gotAt ?? []), monotonic()].slice(-REPLACEMENTS_MAX);
      entries.set(key, { ...NOTHING, unproven: true, gotAt });
    },
    keep(token, how, why) {
      const key = hashed(token);
      const until = why === 'unavailable' ? monotonic() + PAUSE_MILLISECONDS : ALWAYS;
      entries.set(key, { ...(entries.get(key) ?? NOTHING), [how]: until, interaction: why === 'interaction' });
    },
  };
}

const hashed = (text: string): string => createHash('sha256').update(text).digest('base64url');
