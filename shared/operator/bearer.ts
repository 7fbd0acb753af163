/** RFC 6750 section 2.1: `b64token`. The scheme's name is of any case (RFC 9110 section 11.1). */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

export type BearerRead =
  | { readonly outcome: 'token'; readonly token: string }
  /** No credentials, or such of another scheme: RFC 6750 section 3.1 wants no error code then. */
  | { readonly outcome: 'none' }
  /** Bearer credentials that are no token, or several headers in one. */
  | { readonly outcome: 'malformed' };

/**
 * The bearer token of a request, from its `Authorization` header alone: one in an address ends up in logs, and one in a form
 * is what another site's page could send (RFC 6750 sections 2.2 and 2.3, of which this takes neither).
 */
export function readBearer(authorization: string | null): BearerRead {
  if (authorization === null || !/^bearer(?: |$)/i.test(authorization)) return { outcome: 'none' };
  const token = BEARER.exec(authorization)?.[1];
  return token === undefined ? { outcome: 'malformed' } : { outcome: 'token', token };
}
