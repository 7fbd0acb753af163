import type { AccountKey } from '../account/account-key.ts';
import { type IndexKey, indexKey, type SignoutTarget } from '../account/index-key.ts';
import type { IdTokenClaims } from '../oidc/id-token.ts';
import type { Settings } from '../settings/settings.ts';

/** The names by which a sign-out can mean one session. */
export interface SignoutTargets {
  /** Those by which it is looked up: an index row each. */
  readonly indexes: readonly IndexKey[];
  /** Those whose tombstones refuse it: the same, and the account. */
  readonly tombstones: readonly IndexKey[];
  /** What its own sign-out buries. */
  readonly own: IndexKey;
}

/**
 * The names that the doors know a person by: `sid` and `sub` for the OP's channels, the object id for operators and the
 * directory, the address for security events, each only where its door is open: every name is a row and a read a sign-in.
 *
 * @param issuer as discovery gives it
 * @param sid the OP session; null where the OP gives none
 */
export function signoutTargets(
  { op, doors }: Pick<Settings, 'op' | 'doors'>,
  issuer: string,
  {
    account,
    homeAccountId,
    claims,
    sid,
  }: {
    readonly account: AccountKey;
    readonly homeAccountId: string;
    readonly claims: IdTokenClaims;
    readonly sid: string | null;
  },
): SignoutTargets {
  const index = (kind: SignoutTarget['kind'], value: string) => indexKey(op.clientId, issuer, { kind, value });
  const byAccount = index('account', account);
  const indexes: IndexKey[] = [];
  if (sid !== null) indexes.push(index('sid', sid));
  indexes.push(index('sub', claims.sub));
  if (doors.operator !== null || doors.directory !== null) {
    // A guest has two: the one of this tenant, and the one of the tenant at home.
    const oids = [objectIdOf(claims.oid), op.protocol === 'entra' ? homeObjectIdOf(homeAccountId) : null];
    for (const oid of new Set(oids)) if (oid !== null) indexes.push(index('oid', oid));
  }
  const email = emailOf(claims.email);
  if (email !== null && doors.securityEvents?.subjects.includes('email')) indexes.push(index('email', email));
  // A `sid` that nobody signed may be another's: its sign-out may end this session, but this one's must not bury it.
  const own = sid !== null && claims.sid === sid ? index('sid', sid) : byAccount;
  return { indexes, tombstones: [...indexes, byAccount], own };
}

/** An object id as it is looked up by: Entra ID's tokens have it in lower case, people may not. Null for what is none. */
export function objectIdOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.toLowerCase() : null;
}

const HOME_ACCOUNT_ID = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[0-9a-f-]{36}$/i;

/** The object id in the tenant at home: the `uid` of Entra ID's home account ids (`uid.utid`). Null for other ids. */
function homeObjectIdOf(homeAccountId: string): string | null {
  return objectIdOf(HOME_ACCOUNT_ID.exec(homeAccountId)?.[1]);
}

/** An address as it is looked up by: most servers tell no case apart, and a sign-out too many costs a sign-in. Null for what is none. */
export function emailOf(value: unknown): string | null {
  return typeof value === 'string' && value.includes('@') ? value.toLowerCase() : null;
}
