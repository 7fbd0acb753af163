/** RFC 6749 appendix A.12: an access token goes into a header as it is. */
const ACCESS_TOKEN = /^[\x20-\x7e]+$/;
/** Of a token of which the OP does not say: it need not (RFC 6749 section 5.1). An API that takes it no longer says so. */
const LIFE_SECONDS_DEFAULT = 5 * 60;
/** Longer than any session. */
const LIFE_SECONDS_MAX = 366 * 24 * 60 * 60;
const TEXTS = [
  'error',
  'error_description',
  'suberror',
  'claims',
  'access_token',
  'token_type',
  'refresh_token',
  'id_token',
  'scope',
  'client_info',
] as const;

type TokenAnswer = Readonly<Partial<Record<(typeof TEXTS)[number], string>>> & { readonly expires_in?: unknown };

/**
 * What a token endpoint has said: tokens, or an error by its name. MSAL itself looks for an error's name alone, and takes whatever
 * has none for tokens: a gateway's `500 {}` would be an empty access token, by which the OP has vouched for a session.
 *
 * @returns the body, with how long its token lives; or in its place that the endpoint cannot answer now: what stands in the answer of one that is overloaded
 *   or broken (429, 5xx) is not what the OP thinks of a grant
 * @throws what is neither tokens nor an error
 * @see RFC 6749 sections 5.1 and 5.2
 */
export function tokenAnswer(status: number, body: unknown): unknown {
  if (status === 429 || status >= 500) return { error: 'temporarily_unavailable' };
  if (!isAnswer(body) || !(body.error || (status < 300 && hasToken(body)))) {
    throw new TypeError('the answer of the token endpoint is neither tokens nor an error');
  }
  return body.error ? body : { ...body, expires_in: lifeSeconds(body) };
}

function lifeSeconds({ expires_in: said }: TokenAnswer): number {
  const seconds = typeof said === 'number' || typeof said === 'string' ? Number(said) : Number.NaN;
  return Number.isFinite(seconds) ? Math.min(seconds, LIFE_SECONDS_MAX) : LIFE_SECONDS_DEFAULT;
}

function isAnswer(body: unknown): body is TokenAnswer {
  if (typeof body !== 'object' || body === null) return false;
  const members = body as Record<string, unknown>;
  return TEXTS.every((name) => members[name] === undefined || typeof members[name] === 'string');
}

/** Of no type that we do not know how to send (RFC 6749 section 7.1). */
function hasToken({ access_token: token = '', token_type: type = 'bearer' }: TokenAnswer): boolean {
  return ACCESS_TOKEN.test(token) && type.toLowerCase() === 'bearer';
}
