import { createHash } from 'node:crypto';
import type { User } from './types.ts';

/** The people of the account picker. */
export const TEST_USERS: readonly User[] = [
  { oid: 'a11ce000-1111-4a11-8a11-0000000000a1', name: 'Alice Arden', upn: 'alice@contoso.example' },
  { oid: 'b0b00000-2222-4b22-8b22-0000000000b2', name: 'Bob Barrow', upn: 'bob@contoso.example' },
  { oid: 'ca401000-3333-4c33-8c33-0000000000c3', name: 'Carol Chen', upn: 'carol@contoso.example' },
];

/** The `login_hint` claim: opaque to applications, one per user, and what `logout_hint` carries back to skip the picker. */
export function loginHintOf(user: User): string {
  return `O.${createHash('sha256').update(`login_hint ${user.oid}`).digest('base64url')}`;
}

/** The user that a `login_hint` or `logout_hint` names, by user principal name (any case) or by the opaque claim. */
export function userOfHint(users: readonly User[], hint: string | undefined): User | undefined {
  if (!hint) return undefined;
  return users.find((user) => user.upn === hint.toLowerCase() || loginHintOf(user) === hint);
}

/**
 * The `sub` of a user in one application. Entra's is pairwise: it differs between applications, and from `oid`.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg
 */
export function pairwiseSub(oid: string, clientId: string): string {
  return createHash('sha256').update(`sub ${clientId} ${oid}`).digest('base64url');
}
