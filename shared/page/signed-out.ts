import { renderMessage } from './message.ts';

/** Where the OP returns the browser after a sign-out. Signing in again asks which account, since one has just left. */
export function renderSignedOut(applicationName: string): string {
  return renderMessage({
    applicationName,
    title: 'You are signed out',
    paragraphs: ['Your tokens have been deleted.'],
    actions: [
      { label: 'Sign in again', href: '/auth/signin?prompt=select_account&returnTo=/' },
      { label: 'Start page', href: '/' },
    ],
  });
}
