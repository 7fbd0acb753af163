/** Graph's are about 150 characters; the whole query that the Functions host takes is 4 KiB. */
const TOKEN_CHARACTERS_MAX = 1_024;

export type Handshake =
  | { readonly kind: 'none' }
  /** To be sent back as it is, as plain text. */
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'malformed' };

/**
 * The `validationToken` by which Graph asks, when a subscription is made, whether somebody is here who wants it. It is opaque
 * and anybody can send one: it is bounded, it has no control characters, and nothing is stored of it.
 *
 * @see https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation
 */
export function parseHandshake(query: URLSearchParams): Handshake {
  const [token, ...more] = query.getAll('validationToken');
  if (token === undefined) return { kind: 'none' };
  const isWhole = token !== '' && token.length <= TOKEN_CHARACTERS_MAX && !/\p{Cc}/u.test(token);
  return isWhole && more.length === 0 ? { kind: 'token', token } : { kind: 'malformed' };
}
