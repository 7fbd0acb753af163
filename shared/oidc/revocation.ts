import type { ClientRequests } from './client-requests.ts';
import type { OpMetadata } from './metadata.ts';

/** Somebody who is signed out waits for it: a slow OP is not worth more. */
const REVOCATION_DEADLINE_MILLISECONDS = 3_000;

/** Revokes one refresh token; never rejects. */
export type Revoke = (refreshToken: string) => Promise<'revoked' | 'failed'>;

/**
 * How refresh tokens are revoked at an OP; null where it has no endpoint for that. A token that the OP no longer knows is as
 * good as revoked, and it says so (section 2.2); any other answer than success leaves it to be thought alive.
 *
 * @see RFC 7009 sections 2.1 and 2.2
 */
export function revocationAt(metadata: OpMetadata, requests: ClientRequests): Revoke | null {
  const { revocation_endpoint: endpoint, revocation_endpoint_auth_methods_supported: own } = metadata;
  if (endpoint === undefined) return null;
  const methods = own ?? metadata.token_endpoint_auth_methods_supported;
  return async (token) => {
    const answer = await requests({
      endpoint,
      fields: { token, token_type_hint: 'refresh_token' },
      methods,
      deadlineMilliseconds: REVOCATION_DEADLINE_MILLISECONDS,
    });
    return answer.outcome === 'answered' && answer.status >= 200 && answer.status < 300 ? 'revoked' : 'failed';
  };
}
