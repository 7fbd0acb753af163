import { LRUCache } from 'lru-cache';
import type { Keyring, Opened, SealPlace, SealPurpose } from './keyring.ts';

/** What a call of an API opens: a cookie, a record, a lease, the same ones with the next call. */
const REMEMBERED: ReadonlySet<SealPurpose> = new Set(['session-cookie', 'session', 'lease']);
const REMEMBERED_MAX = 6_000;
/** Longer than any of them. */
const SEALED_BYTES_MAX = 2_048;

interface Remembered {
  readonly place: SealPlace;
  readonly opened: Opened;
}

/**
 * The same keyring, that does not open twice what it has opened: the same bytes, every one of them, at the same place hold
 * the same. They are read from the request and from storage each time all the same (G4). Only what has opened is remembered, so
 * that nobody fills the memory with what was not sealed here. What it gives is for reading only.
 */
export function rememberOpened(keyring: Keyring): Keyring {
  const remembered = new LRUCache<string, Remembered>({ max: REMEMBERED_MAX });
  return {
    ...keyring,
    open(place, sealed) {
      if (!REMEMBERED.has(place.purpose) || sealed.byteLength > SEALED_BYTES_MAX) return keyring.open(place, sealed);
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength).toString('latin1');
      const known = remembered.get(bytes);
      if (known !== undefined && isSame(known.place, place)) return known.opened;
      const opened = keyring.open(place, sealed);
      if (opened.outcome === 'opened') remembered.set(bytes, { place, opened });
      return opened;
    },
  };
}

function isSame(one: SealPlace, other: SealPlace): boolean {
  return (
    one.purpose === other.purpose &&
    one.subject === other.subject &&
    one.location.length === other.location.length &&
    one.location.every((part, at) => part === other.location[at])
  );
}
