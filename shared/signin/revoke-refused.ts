import { decodeJwt } from 'jose';
import { accountKey } from '../account/account-key.ts';
import type { OfOpSession } from '../account/departures.ts';
import type { Application, Op } from '../application/application.ts';
import { revokeThrownAway } from '../tokens/revoke.ts';
import type { CodeRedeemed } from '../tokens/token-client.ts';

/**
 * Revokes the tokens of a sign-in that came to nothing after its code was redeemed: nobody is to have them, and nobody will
 * remember them. Where the OP would end more than those, and a session of the account stands here that it could be, they
 * are left to expire: somebody who is refused something must not lose what they have.
 */
export function revokeRefused(
  { settings, store }: Application,
  { tokens }: Op,
  { cache, idToken }: CodeRedeemed,
): Promise<void> {
  const account = accountKey(cache.homeAccountId, settings.op.clientId);
  return revokeThrownAway(store, tokens, account, { ...cache, sid: sidIn(idToken) });
}

/** Of an ID token that may be the very one that was not trusted: it decides no more than whether these tokens are revoked. */
function sidIn(idToken: string): OfOpSession {
  try {
    const { sid } = decodeJwt(idToken);
    return typeof sid === 'string' ? sid : null;
  } catch {
    return undefined;
  }
}
