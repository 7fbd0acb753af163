import { createHash } from 'node:crypto';

/** What a sign-out can name: an OP session, a person by one of their names, or the account itself. */
export interface SignoutTarget {
  readonly kind: 'sid' | 'sub' | 'oid' | 'email' | 'account';
  readonly value: string;
}

/** The PartitionKey in `sids` of one target in this application at this OP. */
export type IndexKey = string & { readonly brand: 'IndexKey' };

/**
 * SHA-256 of client id, issuer (as discovery gives it), kind and value: neither a `sid` nor a subject is stored, and the
 * JSON form keeps the four apart.
 *
 * @throws RangeError for an empty value, which must never select anything
 */
export function indexKey(clientId: string, issuer: string, target: SignoutTarget): IndexKey {
  if (target.value === '') throw new RangeError('a sign-out needs a value to go by');
  const parts = JSON.stringify([clientId, issuer, target.kind, target.value]);
  return createHash('sha256').update(parts).digest('hex') as IndexKey;
}
