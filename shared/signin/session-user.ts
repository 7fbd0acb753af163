import type { SessionUser } from '../account/session-record.ts';
import type { IdTokenClaims } from '../oidc/id-token.ts';

/** The claims that a session keeps: who it is, for display, and how to sign out at the OP without being asked who. */
export function sessionUser(claims: IdTokenClaims): SessionUser {
  const text = (name: string): string | null => {
    const value = claims[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    name: text('name'),
    username: text('preferred_username') ?? text('email'),
    loginHint: text('login_hint'),
  };
}
