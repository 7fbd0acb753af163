import { unansweredFor } from '../../../../../infra/doctor/unanswered.ts';
import type { Case } from '../case.ts';
import { answered, ready, refusal } from '../healthy.ts';

const gone = unansweredFor('ECONNREFUSED');

/** What the application says of itself, and how it answers. */
export const APPLICATION_CASES: readonly Case[] = [
  [
    'settings',
    'one is wrong',
    {
      ready: refusal(503, 'settings_invalid', {
        mistakes: [{ setting: 'SESSION_KEYS', problem: 'is not set', example: 'x' }],
      }),
    },
    'wrong',
    /^SESSION_KEYS: is not set\.$/,
  ],
  [
    'settings',
    'the list is no list',
    { ready: refusal(503, 'settings_invalid', { mistakes: 7 }) },
    'wrong',
    /does not say which/,
  ],
  [
    'ready',
    'storage is missing',
    { ready: ready({ parts: { storage: 'unavailable', op: 'ready' } }, 503) },
    'wrong',
    /reach: storage/,
  ],
  [
    'ready',
    'the OP is missing',
    { ready: ready({ parts: { storage: 'ready', op: 'unavailable' } }, 503) },
    'wrong',
    /reach: op/,
  ],
  ['ready', 'somebody else answers', { ready: answered(502, '<html>Bad gateway') }, 'wrong', /answers 502/],
  ['ready', 'it does not answer', { ready: gone }, 'unknown', /nobody listens/],
  ['doors', 'no optional one is open', {}, 'ok', /Open: own.*Closed: operator, directory, security-events/],
  [
    'doors',
    'the operator door is open and answers',
    { ready: ready({ doors: ['operator'] }), operator: answered(401) },
    'ok',
    /Open: operator/,
  ],
  [
    'doors',
    'the operator door is said to be open and is not there',
    { ready: ready({ doors: ['operator'] }) },
    'warn',
    /answers 404/,
  ],
  [
    'doors',
    'the operator door is there and said to be closed',
    { operator: refusal(401, 'operator_token_required') },
    'warn',
    /answers 401/,
  ],
  ['session-keys', 'it says which', {}, 'ok', /^Seals: k2\. Open: k2, k1\.$/],
  ['session-keys', 'it says nothing', { ready: ready({ sessionKeys: undefined }) }, 'unknown', /does not say/],
  [
    'session-keys',
    'an id is none',
    { ready: ready({ sessionKeys: { seals: '\u001b[2J', opens: [1] } }) },
    'unknown',
    /does not say/,
  ],
  ['page-headers', 'they are there', {}, 'ok', /all there/],
  [
    'page-headers',
    'there are none',
    { page: answered(200, '', { headers: { 'x-content-type-options': '', 'referrer-policy': '' } }) },
    'wrong',
    /no Content-Security-Policy.*framed.*nosniff.*sends its address/,
  ],
  [
    'page-headers',
    'inline scripts may run',
    {
      page: answered(200, '', {
        headers: { 'content-security-policy': "script-src 'self' 'unsafe-inline'; frame-ancestors 'none'" },
      }),
    },
    'wrong',
    /foreign scripts/,
  ],
  [
    'no-store',
    'one may be stored',
    { session: { ...refusal(401, 'session_required'), headers: {} } },
    'wrong',
    /stored: session/,
  ],
  [
    'no-store',
    "the Functions host's own 404 has no headers",
    { operator: answered(404, '', { headers: { 'cache-control': '' } }) },
    'ok',
    /None/,
  ],
  ['session-guard', 'somebody else answers', { session: answered(200, '{}') }, 'wrong', /answers 200/],
  ['csrf-guard', 'the header is added in front', { bareCall: refusal(404, 'api_unknown') }, 'wrong', /404 api_unknown/],
  ['api-guard', 'no API is known', { call: null }, 'unknown', /no API is known/],
  ['api-guard', 'there is no such route', { call: refusal(403, 'route_not_allowed') }, 'unknown', /route_not_allowed/],
  ['api-guard', 'anybody may call it', { call: answered(200) }, 'warn', /anybody/],
  ['api-guard', 'something breaks', { call: answered(502) }, 'wrong', /answers 502/],
];
