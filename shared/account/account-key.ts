import { createHash } from 'node:crypto';

/** Table Storage holds keys of up to 1 KiB, which is 512 UTF-16 characters. */
const PARTITION_KEY_CHARACTERS_MAX = 512;
const HASHED = '~sha256~';
const ACCOUNT_KEY = /^[A-Za-z0-9._@=~-]{1,512}$/;

/** The account in this application: the PartitionKey of its one entity. */
export type AccountKey = string & { readonly brand: 'AccountKey' };

/**
 * `{homeAccountId}~{clientId}`, each escaped: `[A-Za-z0-9._@-]` stand for themselves, every other UTF-16
 * code unit is `=XXXX`. Injective, so that no two accounts share a partition; a longer key is replaced by its SHA-256, which begins
 * with `~` as no escaped key does.
 *
 * @param homeAccountId MSAL's home account id, `uid.utid` at Entra ID, else the subject
 * @throws RangeError where either is empty: an empty filter must never select anything
 */
export function accountKey(homeAccountId: string, clientId: string): AccountKey {
  if (homeAccountId === '' || clientId === '') throw new RangeError('an account key needs an account and a client');
  const key = `${escapeKeyPart(homeAccountId)}~${escapeKeyPart(clientId)}`;
  if (key.length <= PARTITION_KEY_CHARACTERS_MAX) return key as AccountKey;
  return `${HASHED}${createHash('sha256').update(key).digest('hex')}` as AccountKey;
}

/** Whether a partition is an account in that application: of a key that is hashed only what is sealed in it can tell. */
export function mayBeAccountOf(key: string, clientId: string): boolean {
  return key.endsWith(`~${escapeKeyPart(clientId)}`) || key.startsWith(HASHED);
}

/** Null for what is no account key, whatever it is: a row that was read leads only to keys that can exist. */
export function parseAccountKey(value: unknown): AccountKey | null {
  return typeof value === 'string' && ACCOUNT_KEY.test(value) ? (value as AccountKey) : null;
}

/** By UTF-16 code unit, so that even ill-formed strings stay apart. */
export function escapeKeyPart(part: string): string {
  return part.replaceAll(
    /[^A-Za-z0-9._@-]/g,
    (unit) => `=${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
