import type { QueueName, RouteName, TimerName } from '../../functions/declared.ts';
import type { HEALTH } from '../../functions/routes.ts';

interface Endpoint {
  /** Parameters of the query, in the order in which a person needs them. */
  readonly query?: readonly string[];
  /** What the README says of it. */
  readonly does: string;
}

const OPERATOR = 'needs an access token with the role `Exeunt.Operator`';

/** What each route does, for the README. One that the code declares and that is not here does not compile. */
export const ROUTES_DO: Readonly<Record<RouteName | typeof HEALTH.name, Endpoint>> = {
  signin: {
    query: ['returnTo', 'prompt', 'loginHint', 'domainHint', 'api', 'claims', 'acrs', 'maxAge'],
    does: 'starts a sign-in: authorization code with PKCE, state and nonce; `returnTo` is a path of this origin',
  },
  callback: {
    does: "the OP sends the browser back: everything is checked, the account's partition written, the cookie set",
  },
  session: { does: 'who is signed in, without a token; 401' },
  api: {
    does: "a downstream API, with the person's token; needs the header `x-csrf: 1`, unless its settings open GET and HEAD: [`docs/browsers.md`](docs/browsers.md)",
  },
  ready: {
    does: 'readiness of storage and OP, which doors are open, by which session keys (their ids) this instance seals and opens, and whether its last sign-in brought `sid` and `login_hint`; 503 with which part is not',
  },
  assets: { does: "what the pages here are made with, by their content's hash" },
  'client-module': { does: 'the [client module](docs/client.md) for single-page applications' },
  'client-types': { does: 'its types' },
  home: { does: 'a small page: sign in, who I am, my sessions, call an API, sign out (`HOME_PAGE=off` turns it off)' },
  health: { does: 'liveness' },
  signout: {
    query: ['scope'],
    does: "the application's own sign-out, by a form of this origin, then the OP's; `scope=account` or `session` ends more here or less than `SIGNOUT_SCOPE`: [`docs/signout.md`](docs/signout.md)",
  },
  'confirm-signout': { query: ['scope'], does: 'a page with one button: no link signs anybody out' },
  'signed-out': { does: 'where the OP returns the browser' },
  sessions: {
    does: "the account's live sessions on all devices, those used last first, the asking one marked `current`; 401",
  },
  'end-session': {
    does: "ends that session of the same account: 204, or the same 404 for every id that names none; needs `x-csrf: 1`. One's own id ends the sessions of this browser's OP session here, and clears the cookie",
  },
  'signout-callback': {
    query: ['sid', 'iss'],
    does: "front-channel logout, in Entra ID's form (`sid` alone) and the standard's; the same 200 for an unknown `sid`",
  },
  'backchannel-logout': {
    does: 'back-channel logout: a form with a `logout_token`; 200, 400 with `error`, or 503 where it has to come again or is going to be finished',
  },
  'operator-account-signout': {
    does: `ends an account, and answers with the receipt; 404 where nothing stands; ${OPERATOR}`,
  },
  'operator-account': { does: 'what stands of an account; likewise' },
  'operator-user-signout': {
    does: "the same for whatever a user object id leads to: a guest's account here, or theirs at home",
  },
  'operator-user': { does: 'what stands of them' },
  'graph-notifications': {
    does: "Microsoft Graph's change notifications on `users`, its lifecycle notifications and its handshake: queued within 3 s; 202; 503 where the queue takes nothing",
  },
  'security-events': {
    does: 'security event tokens by push (RFC 8935): 202, or 400 with `err`: [`docs/security-events.md`](docs/security-events.md)',
  },
};

export const QUEUES_DO: Readonly<Record<QueueName, string>> = {
  'signout-retry': 'finishes sign-outs that storage interrupted, as of the time at which they came in',
  'directory-events':
    'asks Microsoft Graph about each user that it told of, and ends what the directory no longer lets in',
};

export const TIMERS_DO: Readonly<Record<TimerName, string>> = {
  sweep: 'deletes what has expired, at a cost that follows what is due',
  'directory-subscription': 'keeps one subscription at Graph, renewed three days before it ends; at a start too',
};
