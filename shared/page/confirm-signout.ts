import type { SignoutScope } from '../settings/settings.ts';
import { renderMessage } from './message.ts';

const ENDS: Readonly<Record<SignoutScope, string>> = {
  account: 'Your sessions on all devices end, and their tokens are deleted.',
  session: 'Your session ends, and its tokens are deleted.',
};

/**
 * Answers a `GET` of the sign-out route: a link from elsewhere must sign nobody out, a button on our own page may.
 *
 * @param scope what the link asked for, and its button does; undefined: what `signoutScope`, the setting, says
 */
export function renderConfirmSignout(
  applicationName: string,
  signoutScope: SignoutScope,
  scope: SignoutScope | undefined,
): string {
  return renderMessage({
    applicationName,
    title: 'Sign out?',
    paragraphs: [ENDS[scope ?? signoutScope]],
    actions: [
      { label: 'Sign out', postTo: signoutPath(scope) },
      { label: 'Stay signed in', href: '/' },
    ],
  });
}

/** Where a form signs out; undefined: with the scope of the setting. */
export function signoutPath(scope: SignoutScope | undefined): `/${string}` {
  return scope === undefined ? '/auth/signout' : `/auth/signout?scope=${scope}`;
}
