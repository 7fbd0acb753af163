import { LRUCache } from 'lru-cache';
import type { Ambient } from '../ambient/ambient.ts';
import { createJoined } from '../ambient/joined.ts';
import { isDue, isSendable } from './freshness.ts';
import type { AccessToken, ApplicationRedeemed, TokenFailure } from './token-client.ts';

/** Settings name far fewer. */
const SCOPES_MAX = 100;
/** Whatever came of a renewal beside a call, the next waits so long: an OP that is down is not asked with every call. */
const PAUSE_MILLISECONDS = 30_000;

/** Asks the OP for a token of the application's own. */
export type RedeemOwn = (scope: string, claims: string | null) => Promise<ApplicationRedeemed | TokenFailure>;

/** What a token must be like to be taken from memory. */
export interface OwnNeed {
  /** Not this one: an API has refused it. */
  readonly unlike?: string;
  /** What the OP is asked to put into another, JSON. */
  readonly claims?: string | null;
}

/**
 * This instance's tokens of the application itself, by scope. They are nobody's: no session, no account, nothing stored. Those
 * who need one at the same moment share one question to the OP, and one that is about to end is replaced beside the call.
 */
export interface ApplicationTokens {
  acquire(redeem: RedeemOwn, scope: string, need?: OwnNeed): Promise<ApplicationRedeemed | TokenFailure>;
}

export function createApplicationTokens(ambient: Pick<Ambient, 'now' | 'monotonic'>): ApplicationTokens {
  const tokens = new LRUCache<string, AccessToken>({ max: SCOPES_MAX });
  const notBefore = new LRUCache<string, number>({ max: SCOPES_MAX });
  const joined = createJoined<ApplicationRedeemed | TokenFailure>();

  const ask = (redeem: RedeemOwn, scope: string, claims: string | null) =>
    joined([scope, claims ?? ''].join(' '), async () => {
      const answer = await redeem(scope, claims);
      if (answer.outcome === 'redeemed') tokens.set(scope, answer.accessToken);
      return answer;
    });

  const renewBeside = (redeem: RedeemOwn, scope: string): void => {
    if (ambient.monotonic() < (notBefore.get(scope) ?? Number.NEGATIVE_INFINITY)) return;
    notBefore.set(scope, ambient.monotonic() + PAUSE_MILLISECONDS);
    // Whoever finds it ended asks again, and hears what is wrong.
    ask(redeem, scope, null).catch(() => undefined);
  };

  return {
    async acquire(redeem, scope, { unlike, claims = null } = {}) {
      const known = tokens.get(scope);
      const now = ambient.now();
      if (known === undefined || known.token === unlike || !isSendable(known, now)) return ask(redeem, scope, claims);
      if (isDue(known, now)) renewBeside(redeem, scope);
      return { outcome: 'redeemed', accessToken: known };
    },
  };
}
