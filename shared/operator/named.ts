import { type AccountKey, accountKey } from '../account/account-key.ts';
import { type IndexKey, indexKey } from '../account/index-key.ts';
import type { Application } from '../application/application.ts';
import type { OpMetadata } from '../oidc/metadata.ts';
import { objectIdOf } from '../signin/signout-targets.ts';

/** Longer than any that fits a session's record: nobody has it. */
const ID_CHARACTERS_MAX = 1_024;

/** Whom an operator names: one account, or a person by an object id, which may lead to several. */
export type Named =
  | { readonly kind: 'account'; readonly account: AccountKey; readonly index: IndexKey }
  | { readonly kind: 'target'; readonly index: IndexKey };

/** Which of an operator's routes it came by. */
export type NamedBy = 'home-account-id' | 'object-id';

/**
 * Reads the name in an operator's path.
 *
 * @param segment as it stands in the path, still encoded
 * @returns null for what can be nobody's: empty, too long, or not properly encoded
 */
export function parseNamed(
  { settings }: Pick<Application, 'settings'>,
  { issuer }: OpMetadata,
  by: NamedBy,
  segment: string,
): Named | null {
  const id = decoded(segment);
  if (id === null || id === '' || id.length > ID_CHARACTERS_MAX) return null;
  const { clientId } = settings.op;
  if (by === 'home-account-id') {
    const account = accountKey(id, clientId);
    return { kind: 'account', account, index: indexKey(clientId, issuer, { kind: 'account', value: account }) };
  }
  const oid = objectIdOf(id);
  return oid === null ? null : { kind: 'target', index: indexKey(clientId, issuer, { kind: 'oid', value: oid }) };
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
