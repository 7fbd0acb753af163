/** Where this application signs in for an API; a problem document's other `signInUrl`s are nothing to follow. */
const SIGN_IN_FOR = /^\/auth\/signin\?(?:.*&)?(?:api|claims)=/;

/**
 * Where a 401 of an API call leads: to a sign-in for that API, by consent or by a claims challenge.
 *
 * @returns null where it is the session that is missing, or nobody says what to do
 */
export async function challengeOf(response: Response): Promise<string | null> {
  try {
    const { signInUrl } = (await response.json()) as { signInUrl: string };
    return SIGN_IN_FOR.test(signInUrl) ? signInUrl : null;
  } catch {
    return null;
  }
}
