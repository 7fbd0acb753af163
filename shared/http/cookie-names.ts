/** The `__Host-` prefix has browsers hold what we set: Secure, Path=/, no Domain, so that no sibling domain can plant one. */
export const SESSION_COOKIE = '__Host-session';
/** Says that somebody has signed out in this browser, and no more than that: its next sign-in asks who it is. */
export const SIGNED_OUT_COOKIE = '__Host-signed-out';
/** A cookie a sign-in attempt: what follows is made from its `state`. */
export const ATTEMPT_COOKIE_PREFIX = '__Host-signin-';
