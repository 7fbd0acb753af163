/** Where this application signs in for an API; a problem document's other `signInUrl`s are nothing to follow. */
const SIGN_IN_FOR = /^\/auth\/signin\?(?:.*&)?(?:api|claims)=/;
/** An API's own claims challenge, base64 of JSON, as Entra ID's continuous access evaluation has it. */
const CLAIMS = /\bclaims="([\w+/=-]+)"/;

/**
 * Where a 401 of an API call leads: to a sign-in for that API, by consent or by a claims challenge.
 *
 * @returns null where it is the session that is missing, or nobody says what to do
 */
export async function challengeOf(response: Response, name: string): Promise<string | null> {
  const [, claims] = CLAIMS.exec(response.headers.get('www-authenticate') ?? '') ?? [];
  try {
    if (claims) {
      const json = atob(claims.replaceAll('-', '+').replaceAll('_', '/'));
      return `/auth/signin?${new URLSearchParams({ api: name, claims: json })}`;
    }
    const { signInUrl } = (await response.json()) as { signInUrl: string };
    return SIGN_IN_FOR.test(signInUrl) ? signInUrl : null;
  } catch {
    return null;
  }
}
