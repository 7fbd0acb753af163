import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Ambient } from '../ambient/ambient.ts';

const FORMAT_VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
/** Derived keys kept at hand; deriving one again costs microseconds, so the bound is about memory only. */
const DERIVED_KEYS_MAX = 10_000;

/** What a sealed value is for. A key derived for one purpose opens nothing of another. */
export type SealPurpose =
  | 'session-cookie'
  | 'signin-cookie'
  | 'session'
  | 'cache'
  | 'lease'
  | 'signout-retry'
  | 'directory-event'
  | 'directory-client-state'
  | 'pseudonym';

/** Where a sealed value belongs: it opens nowhere else. */
export interface SealPlace {
  readonly purpose: SealPurpose;
  /** The session (or other subject) that the key is derived for; empty where none is known before opening. */
  readonly subject: string;
  /** Associated data, authenticated and not stored: table, partition key, row key, property; or the cookie's name. */
  readonly location: readonly string[];
}

export type Opened =
  | { readonly outcome: 'opened'; readonly plaintext: Uint8Array }
  /** Sealed under a key this instance does not hold, or in a later format: perhaps another instance knows it. */
  | { readonly outcome: 'unknown-key' }
  | { readonly outcome: 'newer-format' }
  /** Not sealed here, or moved, or altered. */
  | { readonly outcome: 'forged' };

export interface Keyring {
  /** Seals under the first key. The result is `version | kid length | kid | iv | ciphertext | tag`. */
  seal(place: SealPlace, plaintext: Uint8Array): Uint8Array;
  open(place: SealPlace, sealed: Uint8Array): Opened;
  /** A keyed hash for logs: lines about one account can be matched to each other, but not to the account. */
  pseudonym(value: string): string;
  /**
   * Secrets to share with one other party, who sends them back to be known by: one for each key, in the order of the keys, so
   * that a rotation keeps what was shared before. They open nothing.
   *
   * @returns 43 characters each
   */
  sharedSecrets(place: Pick<SealPlace, 'purpose' | 'subject'>): readonly string[];
}

type Keys = readonly [RingKey, ...RingKey[]];
interface RingKey {
  readonly kid: string;
  readonly key: KeyObject;
}

/**
 * AES-256-GCM under keys derived by HKDF-SHA256 for each purpose and subject.
 *
 * @param application the client id: applications that share keys still open nothing of each other's
 * @param keys the first seals, all open (rotation: `old,new`, then `new,old`, then `new`)
 * @see NIST SP 800-38D; RFC 5869
 */
export function createKeyring(keys: Keys, application: string, ambient: Pick<Ambient, 'randomBytes'>): Keyring {
  const byKid = new Map(keys.map((key) => [key.kid, key.key]));
  const derived = new LRUCache<string, KeyObject>({ max: DERIVED_KEYS_MAX });

  const deriveKey = (
    kid: string,
    master: KeyObject,
    { purpose, subject }: Pick<SealPlace, 'purpose' | 'subject'>,
  ): KeyObject => {
    // Neither of the first two has a blank in it, so that no two keys share a name.
    const name = `${purpose} ${kid} ${subject}`;
    const known = derived.get(name);
    if (known) return known;
    const info = JSON.stringify(['exeunt', FORMAT_VERSION, application, purpose, subject]);
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', master, '', info, KEY_BYTES)));
    derived.set(name, key);
    return key;
  };

  return {
    pseudonym(value) {
      const [{ kid, key }] = keys;
      const hmac = createHmac('sha256', deriveKey(kid, key, { purpose: 'pseudonym', subject: '' }));
      return hmac.update(value).digest('hex').slice(0, 16);
    },

    sharedSecrets: (place) => keys.map(({ kid, key }) => deriveKey(kid, key, place).export().toString('base64url')),

    seal(place, plaintext) {
      const [{ kid, key: master }] = keys;
      const head = header(kid);
      const iv = ambient.randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', deriveKey(kid, master, place), iv);
      cipher.setAAD(associatedData(head, place));
      return Buffer.concat([head, iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },

    open(place, sealed) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      const [version, kidLength] = bytes;
      if (version === undefined || kidLength === undefined || version === 0) return { outcome: 'forged' };
      if (version > FORMAT_VERSION) return { outcome: 'newer-format' };
      const headEnd = 2 + kidLength;
      if (bytes.length < headEnd + IV_BYTES + TAG_BYTES) return { outcome: 'forged' };
      const kid = bytes.toString('latin1', 2, headEnd);
      const master = byKid.get(kid);
      if (!master) return { outcome: 'unknown-key' };
      const iv = bytes.subarray(headEnd, headEnd + IV_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', deriveKey(kid, master, place), iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(associatedData(bytes.subarray(0, headEnd), place));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const body = bytes.subarray(headEnd + IV_BYTES, -TAG_BYTES);
        return { outcome: 'opened', plaintext: Buffer.concat([decipher.update(body), decipher.final()]) };
      } catch {
        return { outcome: 'forged' };
      }
    },
  };
}

function header(kid: string): Buffer {
  return Buffer.concat([Buffer.from([FORMAT_VERSION, kid.length]), Buffer.from(kid, 'latin1')]);
}

/** JSON keeps the parts apart, so that no two places share their associated data. */
function associatedData(head: Uint8Array, { location }: SealPlace): Buffer {
  return Buffer.concat([head, Buffer.from(JSON.stringify(location))]);
}
