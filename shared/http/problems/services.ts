import type { ProblemKind } from './kind.ts';

/** The doors at which services and operators knock. */
export const SERVICE_PROBLEMS = {
  logout_request_invalid: {
    status: 400,
    title: 'The sign-out request is malformed',
    detail: 'It names a sign-in service that this application does not use.',
    advice: 'Check the front-channel logout URL at the sign-in service.',
    when: "`iss` of `/auth/signout-callback` is not the OP's, or comes twice.",
    developer: 'Only the OP calls this.',
    operator: 'Compare `AUTH_AUTHORITY` with the OP at which the front-channel logout URL is registered.',
  },
  operator_token_required: {
    status: 401,
    title: 'An access token is required',
    detail: 'Operators come with an access token in the Authorization header (Bearer), and nowhere else.',
    advice: 'Get an access token for this application as an API, and send it.',
    when: '`/operator/…` was called without `Authorization: Bearer`.',
    developer: 'Send an access token whose `aud` is `OPERATOR_AUDIENCE`.',
  },
  operator_token_invalid: {
    status: 401,
    title: 'The access token is not accepted',
    detail:
      'It is malformed, has expired, or is not an access token of the sign-in service for operators of this application.',
    advice: 'Get a new access token; the log of this application says what is wrong with this one.',
    when: 'Its signature, issuer, audience, tenant or times are not as they have to be, or it is no version 2 access token.',
    developer: 'Get a new one; an ID token will not do.',
    operator: '`operator.refused` in the log names the check; see `OPERATOR_AUDIENCE` and `OPERATOR_TENANT`.',
  },
  operator_role_missing: {
    status: 403,
    title: "The access token is not an operator's",
    detail: 'It does not have the app role Exeunt.Operator.',
    advice: 'Have the role assigned, then get a new access token.',
    when: 'A good access token without `Exeunt.Operator` in `roles`.',
    developer: 'Have the role assigned, then get a new token.',
  },
  operator_path_invalid: {
    status: 400,
    title: 'The path names nobody',
    detail: 'The id in the path is not properly encoded, or is longer than any account has.',
    advice: 'Send the id percent-encoded.',
    when: 'The id in the path is empty, badly encoded or too long.',
    developer: 'Build it with `encodeURIComponent`.',
  },
  nothing_stands: {
    status: 404,
    title: 'No session stands',
    detail: 'Nobody is signed in here by this id.',
    advice: 'Check the id.',
    when: 'An operator looked at an account or user without a session.',
    developer: 'Check the id: an account is `{object id}.{tenant id}` at Entra ID, a user an object id.',
  },
  nothing_to_end: {
    status: 404,
    title: 'No session stood',
    detail:
      'Nobody was signed in here by this id. The sign-out counts all the same: a sign-in by this id that was under way has to start over.',
    advice: 'Check the id.',
    when: 'An operator ended an account or user without a session.',
    developer: 'Check the id; if it is right, there is nothing left to do.',
  },
  notifications_malformed: {
    status: 400,
    title: 'These are no change notifications',
    detail: 'The body is not a batch of change notifications of Microsoft Graph, or the validation token is malformed.',
    advice: 'Only Microsoft Graph has a reason to call this address.',
    when: '`POST /events/graph` carries neither a `validationToken` nor a batch of notifications, or more than 1 MiB.',
    developer: 'Only Microsoft Graph calls this.',
  },
  notifications_not_queued: {
    status: 503,
    title: 'The notifications could not be noted',
    detail: 'The queue in which they wait does not answer: nothing was done, and they have to be sent again.',
    advice: 'Send them again in a moment.',
    when: 'The queue `directory-events` did not take what Graph told of.',
    developer: 'Nothing: Graph sends it again.',
    operator: 'Look after `AzureWebJobsStorage`; `reason` of `directory.delayed` in the log says what failed.',
  },
} as const satisfies Record<string, ProblemKind>;
