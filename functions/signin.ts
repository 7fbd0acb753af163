import { redirect, refuse } from '../shared/http/answers.ts';
import { ownCookies } from '../shared/http/cookies.ts';
import { queryOf } from '../shared/http/message.ts';
import { beginSignin, notSetOutCode } from '../shared/signin/begin.ts';
import { parseSigninWishes } from '../shared/signin/signin-wishes.ts';
import type { Trigger } from './edge.ts';

/** `GET /auth/signin`: sends the browser to the OP. */
export const signin: Trigger = async ({ application, request, log }) => {
  const wishes = parseSigninWishes(queryOf(request), application.settings.downstreamApis);
  if (typeof wishes === 'string') return refuse(request, wishes);
  const begun = await beginSignin(application, ownCookies(request), wishes);
  if (begun.outcome !== 'begun') {
    const code = notSetOutCode(begun);
    log({ event: 'signin.refused', code, reason: begun.reason });
    return refuse(request, code);
  }
  log({ event: 'signin.started' });
  return redirect(302, begun.location, begun.cookies);
};
