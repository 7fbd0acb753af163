import type { Application } from '../application/application.ts';
import type { OpMetadata } from '../oidc/metadata.ts';
import type { OperatorSettings } from '../settings/settings.ts';
import { readBearer } from './bearer.ts';
import { type OperatorVerified, verifyOperatorToken } from './operator-token.ts';

export type OperatorRefused =
  /** No bearer token came: who asks is told how to authenticate, without an error (RFC 6750 section 3.1). */
  { readonly outcome: 'no-token'; readonly reason: string } | Exclude<OperatorVerified, { outcome: 'operator' }>;

export type OperatorAuthorized =
  | { readonly outcome: 'operator'; readonly operator: string; readonly metadata: OpMetadata }
  | OperatorRefused;

/**
 * Whether whoever sends this `Authorization` header is an operator. The OP is asked for its keys at most; storage for nothing.
 *
 * @param door the settings that open the door
 */
export async function authorizeOperator(
  { settings, store, op: source }: Application,
  door: OperatorSettings,
  authorization: string | null,
): Promise<OperatorAuthorized> {
  const bearer = readBearer(authorization);
  if (bearer.outcome === 'none') return { outcome: 'no-token', reason: 'no-token' };
  if (bearer.outcome === 'malformed') return { outcome: 'invalid-token', reason: 'malformed' };
  const op = await source.get();
  if ('outcome' in op) return op;
  const { metadata, keys } = op;
  const verified = await verifyOperatorToken(bearer.token, keys, {
    ...door,
    protocol: settings.op.protocol,
    issuer: metadata.issuer,
    algorithms: settings.op.signingAlgorithms,
    now: store.ambient.now(),
  });
  return verified.outcome === 'operator' ? { ...verified, metadata } : verified;
}
