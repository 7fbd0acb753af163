import { ofOneResource } from '../oidc/scopes.ts';
import type { LiveSession } from '../session/check.ts';
import { acrsOf } from '../settings/step-up.ts';
import { beginCalling, confirmForCall, tokenForCall, type UserCalling } from './call-token.ts';
import type { Calling, CallTokens, Refused } from './calling.ts';
import { ownInPlaceOf, ownToken } from './own-token.ts';
import { inPlaceOf } from './refused-token.ts';
import { stepUpChallenge, unmetChallenge } from './step-up-challenge.ts';

/** What a session is confirmed by, where the settings name no scope: any access token will do, since it is sent to nobody. */
const ANY_SCOPES = ['openid'];

/**
 * The tokens of a call, by what its API is sent: the person's, the application's own, or none.
 *
 * @param session read live in this request; null where the API may be called without one, and nothing of a person's is sent
 */
export function callTokens(calling: Calling, session: LiveSession | null): CallTokens {
  const { application, api } = calling;
  const accepted = (token: string): void => application.refusedTokens.accept(token);
  if (api.token === 'user') {
    // Settings that say otherwise are refused at start.
    if (session === null) throw new Error("a person's token takes their session");
    const user = beginCalling({ ...calling, session }, api.scopes);
    return {
      first: () => tokenForCall(user),
      accepted,
      unproved: (wwwAuthenticate) => unprovedTo(user, wwwAuthenticate),
      another: (token, challenge, mayRepeat) => inPlaceOf(user, token, challenge, mayRepeat),
    };
  }
  const first: CallTokens['first'] = api.token === 'application' ? () => ownToken(calling) : async () => NO_TOKEN;
  return {
    first: () => (session === null ? first() : confirmedFirst(calling, session, first)),
    accepted,
    // Such a token is nobody's: no sign-in changes it.
    unproved: () => null,
    another: (token, challenge, mayRepeat) => ownInPlaceOf(calling, token, challenge, mayRepeat),
  };
}

function unprovedTo(
  { api, session, now }: UserCalling,
  wwwAuthenticate: string | readonly string[] | undefined,
): Refused | null {
  const challenge = stepUpChallenge(wwwAuthenticate, acrsOf([api]));
  const unmet = challenge && unmetChallenge(challenge, session.record, now);
  return unmet && { outcome: 'refused', code: 'step_up_required', ...unmet };
}

const NO_TOKEN = { outcome: 'token', token: null, refreshed: false } as const;

/** Also where no token of theirs is sent, the OP has to vouch for whoever calls, as often as the settings say. */
async function confirmedFirst(calling: Calling, session: LiveSession, first: CallTokens['first']) {
  const scopes = ofOneResource(calling.application.settings.op.scopes);
  const user = beginCalling({ ...calling, session }, scopes.length > 0 ? scopes : ANY_SCOPES);
  const confirmed = await confirmForCall(user);
  if ('outcome' in confirmed) return confirmed;
  const token = await first();
  return token.outcome === 'token' ? { ...token, refreshed: confirmed.refreshed } : token;
}
