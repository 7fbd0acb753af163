/** The client module, served at `/exeunt.js`; its types, and what each function is for, are in `exeunt.d.ts`. */
import { challengeOf } from './challenge.ts';
import type * as Client from './exeunt.d.ts';
import { followOnce } from './follow.ts';
import { apiPath } from './paths.ts';
import { look, onEnd, session, tellOthers } from './watch.ts';

export { onEnd as onSignedOut, session };

export const signIn: typeof Client.signIn = (options = {}) => {
  const wishes = Object.entries({ ...options, returnTo: options.returnTo ?? here() });
  // As texts, of which '0' is none to leave out.
  const named = wishes.map(([name, value]) => [name, `${value ?? ''}`]).filter(([, value]) => value);
  location.assign(`/auth/signin?${new URLSearchParams(named)}`);
};

export const signOut: typeof Client.signOut = ({ scope } = {}) => {
  tellOthers();
  // Who looked at once may have seen it stand still. This page gives way when the answer is there: then it is gone.
  addEventListener('pagehide', tellOthers, { once: true });
  // A form, so that the browser itself goes where the sign-out leads.
  const form = document.createElement('form');
  form.method = 'post';
  form.action = scope ? `/auth/signout?scope=${scope}` : '/auth/signout';
  document.body.append(form);
  form.submit();
};

export const call: typeof Client.call = async (name, path, { signIn: follows = true, ...init } = {}) => {
  const headers = new Headers(init.headers);
  // No other site can send this header without a preflight, which is never granted: the defence against forged calls.
  headers.set('x-csrf', '1');
  const response = await fetch(apiPath(name, path), { cache: 'no-store', ...init, headers });
  if (response.status !== 401) return response;
  const challenge = await challengeOf(response.clone());
  if (challenge === null) look();
  else if (follows) followOnce(challenge, here());
  return response;
};

const here = (): string => location.pathname + location.search + location.hash;
