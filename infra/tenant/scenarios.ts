import type { Scenario } from './scenario.ts';

const EVERYWHERE = ['workforce', 'external-id', 'other'] as const;
const ENTRA = ['workforce', 'external-id'] as const;
const WORKFORCE = ['workforce'] as const;

const SIGN_IN = 'Open the application in a private window, and sign in.';
const STANDS = { account: 'stands', withinSeconds: 10 } as const;
const GONE = { account: 'gone', withinSeconds: 10 } as const;
/** Graph tells of a change within minutes, and promises no time. */
const GONE_BY_DIRECTORY = { account: 'gone', withinSeconds: 600 } as const;

/** What no machine of ours can try. One after the other: each begins with nobody signed in. */
export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'sign-in',
    title: 'a user of the tenant signs in',
    kinds: EVERYWHERE,
    steps: [SIGN_IN],
    question: 'Does the page say who you are?',
    afterwards: STANDS,
  },
  {
    id: 'own-sign-out',
    title: 'their own sign-out ends the account, the OP asks nobody which account, and returns to /auth/signed-out',
    kinds: EVERYWHERE,
    steps: [
      'In the same window, sign out.',
      'Look: did the OP ask which account? Did you come back to the application?',
    ],
    question: 'Were you asked nothing, and did you come back?',
    afterwards: GONE,
  },
  {
    id: 'front-channel',
    title: 'a sign-out in another application ends the account here, in a browser that blocks third-party cookies',
    kinds: EVERYWHERE,
    steps: [
      'In a private window of Firefox or Safari, sign in to the application,',
      'and in another tab of it to another application of the same OP (at Entra ID: https://myapps.microsoft.com).',
      'Sign out of that other application, and wait until its sign-out page has settled.',
    ],
    question: 'Reload the application: are you signed out?',
    afterwards: GONE,
  },
  {
    id: 'front-channel-chrome',
    title: 'the same in Chrome or Edge',
    kinds: EVERYWHERE,
    steps: ['The same as before, in a private window of Chrome or Edge.'],
    question: 'Reload the application: are you signed out?',
    afterwards: GONE,
  },
  {
    id: 'guest',
    title: 'a guest of the tenant signs in, and signs out',
    kinds: WORKFORCE,
    steps: ['Sign in as a guest (B2B) of the tenant, in a private window.', 'Sign out.'],
    question: 'Did both work, without being asked which account?',
    afterwards: GONE,
  },
  {
    id: 'guest-front-channel',
    title: "a guest's sign-out in another application of the tenant ends the account here",
    kinds: WORKFORCE,
    steps: ['As that guest, sign in here and in another application of this tenant.', 'Sign out of the other one.'],
    question: 'Reload the application: are you signed out?',
    afterwards: GONE,
  },
  {
    id: 'customer-identity-provider',
    title: 'a customer signs in by a social identity provider, and signs out',
    kinds: ['external-id'],
    steps: ['Sign in with an identity provider of the tenant (Google, Facebook…), in a private window.', 'Sign out.'],
    question: 'Did both work?',
    afterwards: GONE,
  },
  {
    id: 'revoke',
    title: 'an administrator\'s "Revoke sessions" ends the account',
    kinds: ENTRA,
    steps: [
      SIGN_IN,
      'In the Entra admin center, open the user and choose "Revoke sessions".',
      'Without the door of the directory it ends at the next confirmation (`SESSION_REVALIDATE_MINUTES`) of a session in use: then call an API now and again, and answer yourself.',
    ],
    question: 'Was the person signed out, at the latest after SESSION_REVALIDATE_MINUTES?',
    afterwards: GONE_BY_DIRECTORY,
  },
  {
    id: 'disable',
    title: 'disabling the user ends the account',
    kinds: ENTRA,
    steps: [SIGN_IN, 'In the Entra admin center, disable the user. (Enable them again afterwards.)'],
    question: 'Was the person signed out, at the latest after SESSION_REVALIDATE_MINUTES?',
    afterwards: GONE_BY_DIRECTORY,
  },
  {
    id: 'operator',
    title: 'an operator ends the account',
    kinds: EVERYWHERE,
    steps: [SIGN_IN, 'End it as the README says under "Operators" (`POST /operator/users/{object id}/signout`).'],
    question: 'Does the open page say that you were signed out?',
    afterwards: GONE,
  },
  {
    id: 'cae',
    title: 'a claims challenge (continuous access evaluation) reaches the page, and a sign-in with it helps',
    kinds: WORKFORCE,
    steps: [
      'Needed: an API that evaluates continuously, such as Microsoft Graph with `clientCapabilities`, and a token of it in use.',
      SIGN_IN,
      'Call the API, disable and enable the user (or revoke), and call it again within the hour.',
      'The call is answered 401 `claims_required` with `signInUrl`: follow it.',
    ],
    question: 'Did the API answer again after that sign-in?',
  },
  {
    id: 'step-up',
    title: 'a route that asks for an authentication context (`stepUp`) asks for it once, and lets through then',
    kinds: WORKFORCE,
    steps: [
      'Needed: `stepUp` with `acrs` in `DOWNSTREAM_APIS`, and a Conditional Access policy of that context.',
      'Call the route.',
    ],
    question: 'Were you asked for more, and answered afterwards?',
  },
  {
    id: 'managed-identity',
    title: 'sign-in and refresh with a managed identity as the only credential',
    kinds: WORKFORCE,
    steps: [
      'Set `AUTH_MANAGED_IDENTITY_CLIENT_ID` and no secret.',
      SIGN_IN,
      'Call an API after its token has expired (an hour).',
    ],
    question: 'Did both work?',
  },
  {
    id: 'certificate',
    title: 'sign-in and refresh with a certificate as the only credential',
    kinds: EVERYWHERE,
    steps: [
      'Set `AUTH_CLIENT_CERTIFICATE` and no secret.',
      SIGN_IN,
      'Call an API after its token has expired (an hour).',
    ],
    question: 'Did both work?',
  },
  {
    id: 'key-rotation',
    title: 'a rotation of the session keys signs nobody out',
    kinds: EVERYWHERE,
    steps: [SIGN_IN, 'Rotate the session keys (`npm run keys`).'],
    question: 'Reload the application: are you still signed in?',
    afterwards: STANDS,
  },
];
