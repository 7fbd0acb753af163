import { renderMessage } from './message.ts';

/** Answers a `GET` of the sign-out route: a link from elsewhere must sign nobody out, a button on our own page may. */
export function renderConfirmSignout(applicationName: string): string {
  return renderMessage({
    applicationName,
    title: 'Sign out?',
    paragraphs: ['Your session ends, and its tokens are deleted.'],
    actions: [
      { label: 'Sign out', postTo: '/auth/signout' },
      { label: 'Stay signed in', href: '/' },
    ],
  });
}
