import { interactionPolicy } from 'oidc-provider';
import { ASKED_SCOPE } from './authorize.ts';
import { unconsented } from './consents.ts';
import { contextsAsked, contextsMet } from './contexts.ts';
import { parseScope } from './scopes.ts';
import { applicationOf, type OpState } from './state.ts';
import { userOfHint } from './users.ts';

/** Why somebody is asked who is signed in and need not say again who they are. */
export const CONTEXT_REASON = 'context';

/** When a person has to be asked. */
export function policy(state: OpState): interactionPolicy.DefaultPolicy {
  const prompts = interactionPolicy.base();
  prompts.remove('consent');
  prompts.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
  const hinted = new interactionPolicy.Check(
    'login_hint',
    'another user than the signed-in one is asked for',
    'login_required',
    ({ oidc }) => {
      const user = userOfHint(state.users, oidc.params?.login_hint as string | undefined);
      return user !== undefined && user.oid !== oidc.session?.accountId;
    },
  );
  const context = new interactionPolicy.Check(
    CONTEXT_REASON,
    'an authentication context is asked for that the session has not met',
    'interaction_required',
    ({ oidc }) => {
      // Whoever has been asked in this very request has given the proof, or goes on without.
      if (oidc.result?.login) return false;
      const met = contextsMet(oidc.acr);
      return contextsAsked(state.dialect, oidc.params ?? {}).some((each) => !met.includes(each));
    },
  );
  const consent = new interactionPolicy.Check(
    'unconsented',
    'scopes are asked for that the person has not consented to',
    'consent_required',
    ({ oidc }) => {
      const application = applicationOf(state, oidc.client?.clientId);
      const oid = oidc.session?.accountId;
      if (!application || !oid) return false;
      return unconsented(state, application, oid, parseScope(String(oidc.params?.[ASKED_SCOPE] ?? ''))).length > 0;
    },
  );
  prompts.add(new interactionPolicy.Prompt({ name: 'consent', requestable: true }, consent));
  prompts.get('login')?.checks.add(hinted);
  prompts.get('login')?.checks.add(context);
  return prompts;
}
