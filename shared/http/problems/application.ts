import type { ProblemKind } from './kind.ts';

/** What can be answered anywhere. */
export const APPLICATION_PROBLEMS = {
  query_parameter_forbidden: {
    status: 400,
    title: 'The address has a parameter that cannot be let through',
    detail: 'A query parameter named "headers" would take the place of the headers that your browser sent.',
    advice: 'Remove the parameter from the address.',
    when: 'A query parameter is named `headers`, in any case, at any route: the Functions host would take it for the headers.',
    developer: 'Call the parameter something else; where an API insists, put a service of your own before it.',
  },
  misdirected_request: {
    status: 421,
    title: 'This is not the address of this application',
    detail: 'It answers under its public address alone, and through what is set up in front of it.',
    advice: 'Open the application by its public address.',
    when: '`Host` is not the host of `PUBLIC_ORIGIN`, or the header of `TRUSTED_PROXY` is missing or wrong, at any route but `/health` and `/health/ready`.',
    developer: 'Ask under `PUBLIC_ORIGIN`.',
    operator: '`reason` in the log: `host`, or `proxy` (see [what stands in front](browsers.md)).',
  },
  storage_unavailable: {
    status: 503,
    title: 'The storage does not answer',
    detail: 'Sessions cannot be read or written at the moment.',
    advice: 'Try again in a moment.',
    when: 'Table Storage failed or took too long. Nobody was signed out by it.',
    developer: 'Try again in a moment; do not take it for a sign-out.',
    operator:
      '`/health/ready` says whether storage can be had, `reason` in the log what failed: `AuthorizationPermissionMismatch`, the identity has no role there; `InvalidAuthenticationInfo`, its token is not for this storage or this tenant; `CredentialUnavailableError`, the platform gives the function app no token.',
  },
  not_found: {
    status: 404,
    title: 'There is nothing here',
    detail: 'No page has this address.',
    advice: 'Go to the start page.',
    when: 'There is no such file under `/assets`, the built-in page is turned off (`HOME_PAGE=off`), or `OPTIONS` of `/auth/session` or `/auth/sessions` is no preflight.',
    developer: 'Correct the address.',
  },
  settings_invalid: {
    status: 503,
    title: 'This application is not set up yet',
    detail: 'Some of its settings are missing or wrong.',
    advice: 'Correct the settings named here and restart.',
    when: 'A setting is missing or wrong; every route but `/health` answers this.',
    developer: 'Nothing helps before an operator has acted.',
    operator:
      'Correct what `mistakes` names (never by its value), and restart. The log has the same list at the start. Where it is only that `SESSIONS_NOT_BEFORE` is in the future by the clock of an instance, that one comes up by itself.',
  },
  internal: {
    status: 500,
    title: 'Something broke',
    detail: 'This application met an error of its own.',
    advice: 'Try again in a moment. If this repeats, tell the people who run this application.',
    when: 'A bug: nothing that a request can do should lead here.',
    developer: 'Try again once, then report it with its id.',
    operator: '`error` in the log has the kind and where it came from; please report it.',
  },
} as const satisfies Record<string, ProblemKind>;
