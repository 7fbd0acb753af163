import type { ProblemKind } from './kind.ts';

/** Calls by a script: `/api/{name}/…`, and where the same guards stand. */
export const API_PROBLEMS = {
  cross_site: {
    status: 403,
    title: 'The request came from another site',
    detail: 'Only pages of this application may do this.',
    advice: 'Go to the start page and do it from there.',
    when: '`Origin` or `Sec-Fetch-Site` says that a page of another origin asks, a sibling subdomain among them; at `POST /auth/signout` also where neither came.',
    developer: 'Serve the page from `PUBLIC_ORIGIN`, and sign out by a form of that origin.',
    operator: 'Compare `PUBLIC_ORIGIN` with the address that people open.',
  },
  csrf_header_missing: {
    status: 403,
    title: 'The header x-csrf is missing',
    detail: 'Calls by a script carry the header "x-csrf: 1", which no other site can send.',
    advice: 'Add the header to the request.',
    when: '`x-csrf` is missing or is not `1`, at `/api` or at `DELETE /auth/sessions/{id}`.',
    developer: 'Send `x-csrf: 1` with every call; a person who opens `/api/…` in the address bar cannot.',
  },
  api_unknown: {
    status: 404,
    title: 'There is no such API here',
    detail: 'No API of this name is configured.',
    advice: 'Check the name against the setting DOWNSTREAM_APIS.',
    when: 'The segment after `/api/` is no name in `DOWNSTREAM_APIS`. Case counts.',
    developer: 'Correct the name, or add the API to the setting.',
  },
  api_path_invalid: {
    status: 400,
    title: 'The path is not one that can be forwarded',
    detail:
      'The path has dot segments, empty segments, encoded slashes or other parts that two readers could take two ways.',
    advice: 'Send the path in its plain form.',
    when: 'The path has empty or dot segments, `%2F`, `%5C`, `;`, control characters, or an encoding that is not UTF-8 or is encoded twice.',
    developer: 'Build each segment with `encodeURIComponent`, and take ids with slashes into the query.',
  },
  route_not_allowed: {
    status: 403,
    title: 'This route of the API is not open',
    detail: 'The method and path are not on the list of what may be called.',
    advice: 'Add the route to the setting DOWNSTREAM_APIS if it should be open.',
    when: 'No entry of `allow` of that API takes the method and the path. Case counts, and `GET` does not stand for `HEAD`.',
    developer: 'Add the route to `allow` in `DOWNSTREAM_APIS` if a browser may call it.',
  },
  consent_required: {
    status: 401,
    title: 'The sign-in service needs you',
    detail: 'It wants your consent, or another proof of who you are, before it gives access to this API.',
    advice: 'Sign in again.',
    helpsToSignIn: true,
    when: 'The OP gives no token for this API without the person: consent to its scopes, a second factor, a rule that changed. The session stands.',
    developer: 'Send the whole page to `signInUrl`, with `returnTo` added; the [client module](client.md) does.',
    operator:
      'If it comes back after the sign-in, the scopes in `DOWNSTREAM_APIS` may need the consent of an administrator.',
  },
  request_incomplete: {
    status: 400,
    title: 'The request broke off',
    detail: 'The body of the request ended before all of it had come.',
    advice: 'Send the request again.',
    when: 'The body ended, or the connection broke, before all of `Content-Length` had come. Mostly nobody is left to read it.',
    developer: 'Send it again if it may be repeated: the API may have seen a part of it.',
  },
  api_unreachable: {
    status: 502,
    title: 'The API does not answer',
    detail: 'The API could not be reached, or its answer broke off.',
    advice: 'Try again in a moment.',
    when: 'No connection to the API, a connection that broke before an answer began, or a redirect, which is not followed.',
    developer: 'Try again in a moment if the call may be repeated.',
    operator: '`reason` in the log: `redirect`, or the error of the connection. Check `baseUrl`.',
  },
  api_timeout: {
    status: 504,
    title: 'The API took too long',
    detail: 'The API did not begin to answer in time.',
    advice: 'Try again in a moment.',
    when: 'The API did not begin its answer in time.',
    developer: 'Try again if the call may be repeated: the API may have done it all the same.',
    operator: 'Look at what the API was doing then.',
  },
} as const satisfies Record<string, ProblemKind>;
