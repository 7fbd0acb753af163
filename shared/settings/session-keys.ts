import { createSecretKey } from 'node:crypto';
import type { Refuse, Schema } from './schema.ts';
import type { SessionKey } from './settings.ts';
import { fromText } from './text-schema.ts';

const KEY_BYTES = 32;
const KID = /^[A-Za-z0-9_-]{1,32}$/;
/** 32 bytes are 43 characters; the padding may be left out. */
const BASE64_OF_KEY = /^(?:[A-Za-z0-9+/]{43}|[A-Za-z0-9_-]{43})=?$/;

/**
 * `kid:base64,kid:base64`. Problems name entries by position: a key pasted where its kid belongs must not be printed.
 *
 * @returns the keys as `KeyObject`s, made once: ciphers then start ten times faster than from bytes
 */
export const sessionKeys: Schema<readonly [SessionKey, ...SessionKey[]]> = fromText((text, refuse) => {
  const keys: SessionKey[] = [];
  text.split(',').forEach((entry, index) => {
    const refuseEntry: Refuse = (problem) => refuse(`entry ${index + 1} ${problem}`);
    const key = readKey(entry.trim(), refuseEntry);
    if (!key) return;
    if (keys.some(({ kid }) => kid === key.kid)) refuseEntry('has the key id of an earlier entry');
    if (keys.some((other) => other.key.equals(key.key))) refuseEntry('has the key of an earlier entry');
    keys.push(key);
  });
  // Either there is a first key or every entry was refused, and then this value does not count.
  return keys as [SessionKey, ...SessionKey[]];
});

function readKey(entry: string, refuse: Refuse): SessionKey | undefined {
  const [kid = '', encoded, ...more] = entry.split(':');
  if (encoded === undefined || more.length > 0) {
    refuse('is not a key id, a colon and a key');
    return undefined;
  }
  if (!KID.test(kid)) refuse('has a key id that is not 1 to 32 of A-Z, a-z, 0-9, _ and -');
  if (!BASE64_OF_KEY.test(encoded)) {
    refuse(`has a key that is not ${KEY_BYTES} bytes in base64`);
    return undefined;
  }
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.every((byte) => byte === 0)) refuse('has a key of zeros only');
  return { kid, key: createSecretKey(bytes) };
}
