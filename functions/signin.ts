import { redirect, refuse } from '../shared/http/answers.ts';
import { ownCookies } from '../shared/http/cookies.ts';
import { queryOf } from '../shared/http/message.ts';
import { beginSignin } from '../shared/signin/begin.ts';
import { parseSigninWishes } from '../shared/signin/signin-wishes.ts';
import type { Trigger } from './edge.ts';

/** `GET /auth/signin`: sends the browser to the OP. */
export const signin: Trigger = async ({ application, request, log }) => {
  const wishes = parseSigninWishes(queryOf(request), application.settings.downstreamApis);
  if (typeof wishes === 'string') return refuse(request, wishes);
  const begun = await beginSignin(application, ownCookies(request), wishes);
  if (begun.outcome === 'op-unavailable') {
    log({ event: 'signin.refused', code: 'op_unavailable', reason: begun.reason });
    return refuse(request, 'op_unavailable');
  }
  log({ event: 'signin.started' });
  return redirect(302, begun.location, begun.cookies);
};
