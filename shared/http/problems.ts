/**
 * Every way in which a request can be refused, in one place: the status, and what people are told. Nothing in here, and
 * nothing made of it, repeats what the request carried.
 *
 * @see RFC 9457
 */
export const PROBLEMS = {
  return_to_invalid: {
    status: 400,
    title: 'The return address is not a path of this application',
    detail: 'The link that brought you here asks to be sent on to an address outside this application.',
    advice: 'Go to the start page and sign in from there.',
    helpsToSignIn: true,
  },
  query_parameter_forbidden: {
    status: 400,
    title: 'The address has a parameter that cannot be let through',
    detail: 'A query parameter named "headers" would take the place of the headers that your browser sent.',
    advice: 'Remove the parameter from the address.',
  },
  signin_parameter_invalid: {
    status: 400,
    title: 'The sign-in link is malformed',
    detail: 'A parameter of the sign-in link is not one that this application knows.',
    advice: 'Go to the start page and sign in from there.',
    helpsToSignIn: true,
  },
  callback_malformed: {
    status: 400,
    title: 'The sign-in could not be finished',
    detail: 'The answer of the sign-in service is incomplete or came twice over.',
    advice: 'Sign in again.',
    helpsToSignIn: true,
  },
  cookies_blocked: {
    status: 400,
    title: 'The browser did not send its sign-in cookie',
    detail: 'This application keeps a cookie in your browser while you sign in, and it did not come back.',
    advice: 'Allow cookies for this site, then sign in again.',
    helpsToSignIn: true,
  },
  state_unknown: {
    status: 400,
    title: 'This sign-in was not started in this browser',
    detail: 'It was started in another browser, or it has been finished already: perhaps you used the back button.',
    advice: 'Sign in again.',
    helpsToSignIn: true,
  },
  attempt_expired: {
    status: 400,
    title: 'The sign-in took too long',
    detail: 'A sign-in has to be finished within ten minutes.',
    advice: 'Sign in again.',
    helpsToSignIn: true,
  },
  attempt_used: {
    status: 409,
    title: 'This sign-in has been used already',
    detail: 'Each sign-in counts once, and this one has counted.',
    advice: 'Sign in again.',
    helpsToSignIn: true,
  },
  issuer_mismatch: {
    status: 400,
    title: 'The answer came from another sign-in service',
    detail: 'The answer names a sign-in service that this application does not use, so it was not trusted.',
    advice: 'Sign in again. If this repeats, tell the people who run this application.',
    helpsToSignIn: true,
  },
  access_denied: {
    status: 403,
    title: 'The sign-in was cancelled',
    detail: 'You, or a rule of your organization, did not let the sign-in go on.',
    advice: 'Sign in again if you did not mean to cancel; otherwise there is nothing to do.',
    helpsToSignIn: true,
  },
  interaction_required: {
    status: 401,
    title: 'The sign-in service needs you',
    detail: 'It could not sign you in without asking you something first.',
    advice: 'Sign in again and answer what it asks.',
    helpsToSignIn: true,
  },
  op_error: {
    status: 502,
    title: 'The sign-in service reported an error',
    detail: 'The sign-in service could not finish the sign-in.',
    advice: 'Sign in again in a moment. If this repeats, tell the people who run this application.',
    helpsToSignIn: true,
  },
  op_refused: {
    status: 502,
    title: 'The sign-in service does not accept this application',
    detail: 'Its registration or its credential at the sign-in service is not in order.',
    advice: 'Tell the people who run this application.',
  },
  op_unavailable: {
    status: 503,
    title: 'The sign-in service does not answer',
    detail: 'The sign-in service cannot be reached at the moment.',
    advice: 'Try again in a moment.',
    helpsToSignIn: true,
  },
  code_rejected: {
    status: 400,
    title: 'The sign-in could not be finished',
    detail: 'The sign-in service did not accept the code that your browser brought: it is too old, or has been used.',
    advice: 'Sign in again.',
    helpsToSignIn: true,
  },
  id_token_rejected: {
    status: 403,
    title: 'The sign-in was not trusted',
    detail: 'What the sign-in service said of you did not pass the checks of this application.',
    advice: 'Sign in again. If this repeats, tell the people who run this application.',
    helpsToSignIn: true,
  },
  tokens_too_large: {
    status: 502,
    title: 'The sign-in cannot be kept',
    detail: 'What the sign-in service gave for you is more than this application can store.',
    advice: 'Tell the people who run this application.',
  },
  signed_out_meanwhile: {
    status: 409,
    title: 'You signed out while you were signing in',
    detail: 'A sign-out came in before this sign-in was finished, and the sign-out counts.',
    advice: 'Sign in again.',
    helpsToSignIn: true,
  },
  session_required: {
    status: 401,
    title: 'Nobody is signed in',
    detail: 'There is no session here, or it has ended.',
    advice: 'Sign in.',
    helpsToSignIn: true,
  },
  session_unknown: {
    status: 404,
    title: 'There is no such session',
    detail: 'None of your sessions has this id: it may have ended already.',
    advice: 'Look at the list of your sessions again.',
  },
  signout_scope_invalid: {
    status: 400,
    title: 'The scope of the sign-out is not one that there is',
    detail: 'It is "session", for this one, or "account", for all of yours, and comes once.',
    advice: 'Go to the start page and sign out from there.',
  },
  consent_required: {
    status: 401,
    title: 'The sign-in service needs you',
    detail: 'It wants your consent, or another proof of who you are, before it gives access to this API.',
    advice: 'Sign in again.',
    helpsToSignIn: true,
  },
  cross_site: {
    status: 403,
    title: 'The request came from another site',
    detail: 'Only pages of this application may do this.',
    advice: 'Go to the start page and do it from there.',
  },
  csrf_header_missing: {
    status: 403,
    title: 'The header x-csrf is missing',
    detail: 'Calls by a script carry the header "x-csrf: 1", which no other site can send.',
    advice: 'Add the header to the request.',
  },
  api_navigated: {
    status: 403,
    title: 'This address is not a page',
    detail: 'It is where the pages of this application call an API, and not for people to open.',
    advice: 'Go to the start page.',
  },
  origin_not_allowed: {
    status: 403,
    title: 'Pages of this origin may not call',
    detail: 'A browser asked whether a page of another origin may send a request, and it may not.',
    advice: 'Serve the page under PUBLIC_ORIGIN, or name its origin in the setting SIBLING_ORIGINS.',
  },
  api_path_invalid: {
    status: 400,
    title: 'The path is not one that can be forwarded',
    detail:
      'The path has dot segments, empty segments, encoded slashes or other parts that two readers could take two ways.',
    advice: 'Send the path in its plain form.',
  },
  route_not_allowed: {
    status: 403,
    title: 'This route of the API is not open',
    detail: 'The method and path are not on the list of what may be called.',
    advice: 'Add the route to the setting DOWNSTREAM_APIS if it should be open.',
  },
  api_unknown: {
    status: 404,
    title: 'There is no such API here',
    detail: 'No API of this name is configured.',
    advice: 'Check the name against the setting DOWNSTREAM_APIS.',
  },
  request_incomplete: {
    status: 400,
    title: 'The request broke off',
    detail: 'The body of the request ended before all of it had come.',
    advice: 'Send the request again.',
  },
  request_too_large: {
    status: 413,
    title: 'The request is too large',
    detail: 'The body of the request is longer than this API may be sent.',
    advice: 'Send less at once, or raise `requestBytesMax` of this API in the setting DOWNSTREAM_APIS.',
  },
  api_unreachable: {
    status: 502,
    title: 'The API does not answer',
    detail: 'The API could not be reached, or its answer broke off.',
    advice: 'Try again in a moment.',
  },
  api_answer_refused: {
    status: 502,
    title: 'The answer of the API cannot be passed on',
    detail: 'It leads to an address outside the API, has more headers than are read, or is no HTTP.',
    advice: 'If it leads elsewhere by intent, add that origin to `redirectOrigins` in the setting DOWNSTREAM_APIS.',
  },
  api_timeout: {
    status: 504,
    title: 'The API took too long',
    detail: 'The API did not begin to answer in time.',
    advice: 'Try again in a moment.',
  },
  storage_unavailable: {
    status: 503,
    title: 'The storage does not answer',
    detail: 'Sessions cannot be read or written at the moment.',
    advice: 'Try again in a moment.',
  },
  signout_queued: {
    status: 503,
    title: 'The sign-out is under way',
    detail: 'It cannot be finished at the moment. It is noted, and will be finished as soon as it can be.',
    advice: 'You need not wait for it.',
  },
  signout_unfinished: {
    status: 503,
    title: 'The sign-out is not finished',
    detail:
      'A service that it takes does not answer or is overrun, and it could not be noted for later: nothing was ended.',
    advice: 'Sign out again in a moment.',
  },
  logout_request_invalid: {
    status: 400,
    title: 'The sign-out request is malformed',
    detail: 'It names no session, or a sign-in service that this application does not use.',
    advice: 'Check the front-channel logout URL at the sign-in service.',
  },
  operator_token_required: {
    status: 401,
    title: 'An access token is required',
    detail: 'Operators come with an access token in the Authorization header (Bearer), and nowhere else.',
    advice: 'Get an access token for this application as an API, and send it.',
  },
  operator_token_invalid: {
    status: 401,
    title: 'The access token is not accepted',
    detail:
      'It is malformed, has expired, or is not an access token of the sign-in service for operators of this application.',
    advice: 'Get a new access token; the log of this application says what is wrong with this one.',
  },
  operator_role_missing: {
    status: 403,
    title: "The access token is not an operator's",
    detail: 'It does not have the app role Exeunt.Operator.',
    advice: 'Have the role assigned, then get a new access token.',
  },
  operator_path_invalid: {
    status: 400,
    title: 'The path names nobody',
    detail: 'The id in the path is not properly encoded, or is longer than any account has.',
    advice: 'Send the id percent-encoded.',
  },
  nothing_stands: {
    status: 404,
    title: 'No session stands',
    detail: 'Nobody is signed in here by this id.',
    advice: 'Check the id.',
  },
  nothing_to_end: {
    status: 404,
    title: 'No session stood',
    detail:
      'Nobody was signed in here by this id. The sign-out counts all the same: a sign-in by this id that was under way has to start over.',
    advice: 'Check the id.',
  },
  notifications_malformed: {
    status: 400,
    title: 'These are no change notifications',
    detail: 'The body is not a batch of change notifications of Microsoft Graph, or the validation token is malformed.',
    advice: 'Only Microsoft Graph has a reason to call this address.',
  },
  notifications_not_queued: {
    status: 503,
    title: 'The notifications could not be noted',
    detail: 'The queue in which they wait does not answer: nothing was done, and they have to be sent again.',
    advice: 'Send them again in a moment.',
  },
  misdirected_request: {
    status: 421,
    title: 'This is not the address of this application',
    detail: 'It answers under its public address alone, and through what is set up in front of it.',
    advice: 'Open the application by its public address.',
  },
  settings_invalid: {
    status: 503,
    title: 'This application is not set up yet',
    detail: 'Some of its settings are missing or wrong.',
    advice: 'Correct the settings named here and restart.',
  },
  not_found: {
    status: 404,
    title: 'There is nothing here',
    detail: 'No page has this address.',
    advice: 'Go to the start page.',
  },
  internal: {
    status: 500,
    title: 'Something broke',
    detail: 'This application met an error of its own.',
    advice: 'Try again in a moment. If this repeats, tell the people who run this application.',
  },
} as const satisfies Record<string, ProblemKind>;

export interface ProblemKind {
  readonly status: number;
  /** A few plain words. */
  readonly title: string;
  /** What happened. */
  readonly detail: string;
  /** What to do. */
  readonly advice: string;
  /** Whether a page offers to sign in. */
  readonly helpsToSignIn?: true;
}

export type ProblemCode = keyof typeof PROBLEMS;
