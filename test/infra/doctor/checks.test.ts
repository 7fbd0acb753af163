import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Asked } from '../../../infra/doctor/asked.ts';
import { CHECKS } from '../../../infra/doctor/checks.ts';
import { judge } from '../../../infra/doctor/examine.ts';
import { asJson, tell } from '../../../infra/doctor/tell.ts';
import { unansweredFor } from '../../../infra/doctor/unanswered.ts';
import {
  answered,
  document,
  frame,
  GOOD_COOKIE,
  healthy,
  NOW,
  ORIGIN,
  ready,
  refusal,
  SECRET,
  sentBack,
  signinTo,
} from './support/healthy.ts';

const gone = unansweredFor('ECONNREFUSED');
const DAYS = 86_400_000;

/** What a check finds of a deployment that is good but for one thing. */
function finding(id: string, changes: Partial<Asked>) {
  const found = judge(healthy(changes)).find(({ check }) => check.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
}

type Case = readonly [id: string, when: string, changes: Partial<Asked>, verdict: string, says: RegExp];
const back = (location: string) => answered(302, '', { headers: { location } });
const page = (text: string) => answered(200, text);

const CASES: readonly Case[] = [
  ['certificate', 'it has three weeks', { alive: until(21) }, 'ok', /good/],
  ['certificate', 'it has less than three weeks', { alive: until(20) }, 'warn', /three weeks/],
  ['certificate', 'it has less than a week', { alive: until(6) }, 'wrong', /within a week/],
  ['certificate', 'there is none', { alive: answered(200, '', { certificateEndsAt: null }) }, 'ok', /none/],
  ['plain-http', 'nobody listens', { plainHttp: gone }, 'ok', /Nobody/],
  ['plain-http', 'it is served', { plainHttp: answered(200) }, 'wrong', /answers 200/],
  ['plain-http', 'it leads elsewhere', { plainHttp: back('https://other.example/') }, 'wrong', /answers 302/],
  ['plain-http', 'it leads to plain http', { plainHttp: back('http://app.contoso.com/x') }, 'wrong', /answers 302/],
  ['plain-http', 'it is refused', { plainHttp: answered(403) }, 'ok', /refused/],
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
  ['sid', 'both claims came', {}, 'ok', /brought/],
  ['sid', 'nobody has signed in', { ready: ready({ lastSignin: undefined }) }, 'unknown', /Nobody/],
  [
    'sid',
    'session_state stood in',
    { ready: ready({ lastSignin: { sid: 'session_state', loginHint: true } }) },
    'warn',
    /no `sid`/,
  ],
  [
    'sid',
    'it came from nowhere',
    { ready: ready({ lastSignin: { sid: 'nowhere', loginHint: true } }) },
    'wrong',
    /ends nothing/,
  ],
  [
    'sid',
    'login_hint is missing',
    { ready: ready({ lastSignin: { sid: 'id_token', loginHint: false } }) },
    'warn',
    /login_hint/,
  ],
  [
    'public-origin',
    'it is another',
    { signin: signinTo({ redirect_uri: 'https://x.azurewebsites.net/auth/callback' }) },
    'wrong',
    /x\.azurewebsites\.net, and not/,
  ],
  ['public-origin', 'it is misdirected', { signin: refusal(421, 'misdirected_request') }, 'wrong', /421/],
  [
    'public-origin',
    'the request was pushed',
    { signin: signinTo({ redirect_uri: undefined, request_uri: 'urn:x' }) },
    'ok',
    /pushed/,
  ],
  ['sign-in', 'the pushed request was refused', { signin: refusal(502, 'op_refused') }, 'wrong', /refused/],
  ['sign-in', 'PKCE is plain', { signin: signinTo({ code_challenge_method: 'plain' }) }, 'wrong', /not ours/],
  ['sign-in', 'there is no state', { signin: signinTo({ state: undefined }) }, 'wrong', /not ours/],
  ['sign-in', 'it answers a page', { signin: page('<html>') }, 'wrong', /answers 200/],
  ['sign-in', 'the OP is out', { signin: refusal(503, 'op_unavailable') }, 'unknown', /see `ready`/],
  [
    'sign-in-cookie',
    'it is gone',
    { signin: answered(302, '', { headers: { location: 'https://op.example/' } }) },
    'wrong',
    /no cookie/,
  ],
  [
    'sign-in-cookie',
    'it is not Secure',
    { signin: signinTo({}, GOOD_COOKIE.replace(' Secure;', '')) },
    'wrong',
    /without secure/,
  ],
  [
    'sign-in-cookie',
    'it is not HttpOnly',
    { signin: signinTo({}, GOOD_COOKIE.replace(' HttpOnly;', '')) },
    'wrong',
    /without httponly/,
  ],
  [
    'sign-in-cookie',
    'it has a path',
    { signin: signinTo({}, GOOD_COOKIE.replace('Path=/', 'Path=/auth')) },
    'wrong',
    /without path/,
  ],
  [
    'sign-in-cookie',
    'it has a Domain',
    { signin: signinTo({}, `${GOOD_COOKIE}; Domain=contoso.com`) },
    'wrong',
    /has a Domain/,
  ],
  [
    'sign-in-cookie',
    'it is None by query',
    { signin: signinTo({}, GOOD_COOKIE.replace('Lax', 'None')) },
    'wrong',
    /not SameSite=lax/,
  ],
  [
    'sign-in-cookie',
    'it is None by form_post',
    { signin: signinTo({ response_mode: 'form_post' }, GOOD_COOKIE.replace('Lax', 'None')) },
    'ok',
    /as it has/,
  ],
  [
    'other-cookies',
    'the platform has one',
    { page: answered(200, '', { setCookies: ['ARRAffinity=x; Domain=app.contoso.com'] }) },
    'warn',
    /sets: ARRAffinity\./,
  ],
  ['redirect-uri', 'the OP sends back', {}, 'ok', /sends browsers back/],
  [
    'redirect-uri',
    'the OP posts back',
    {
      authorize: page(
        `<form method="post" action="${ORIGIN}/auth/callback"><input name="error" value="login_required">`,
      ),
    },
    'ok',
    /back/,
  ],
  [
    'redirect-uri',
    'a form leads elsewhere',
    { authorize: page('<form action="https://other.example/auth/callback">') },
    'unknown',
    /did not say/,
  ],
  [
    'redirect-uri',
    'it is not registered',
    { authorize: page('{"x":"AADSTS50011: The redirect URI"}') },
    'wrong',
    /does not know https:\/\/app\.contoso\.com\/auth\/callback/,
  ],
  [
    'redirect-uri',
    'there is no such application',
    { authorize: page('AADSTS700016: x') },
    'wrong',
    /no such application/,
  ],
  ['redirect-uri', 'the page names another error', { authorize: page('AADSTS90015: x') }, 'warn', /AADSTS90015/],
  [
    'redirect-uri',
    'the page says that nobody is signed in',
    { authorize: page('AADSTS50058: x') },
    'unknown',
    /not signed in/,
  ],
  ['redirect-uri', 'the OP refuses', { authorize: answered(400, 'redirect_uri mismatch') }, 'wrong', /with 400/],
  ['redirect-uri', 'a scope is wrong', { authorize: sentBack('invalid_scope') }, 'wrong', /invalid_scope/],
  ['redirect-uri', 'the error is no word', { authorize: sentBack('%1b[31m') }, 'wrong', /an error that is none/],
  ['redirect-uri', 'the OP shows a page', { authorize: page('<title>Sign in</title>') }, 'unknown', /not signed in/],
  ['redirect-uri', 'the OP leads on', { authorize: back('https://login.live.com/x') }, 'unknown', /not signed in/],
  [
    'redirect-uri',
    'a path only begins like it',
    { authorize: back(`${ORIGIN}/auth/callback/x?error=login_required`) },
    'unknown',
    /not signed in/,
  ],
  ['post-logout-uri', 'the OP sends back', {}, 'ok', /sends browsers back/],
  ['post-logout-uri', 'the OP refuses', { endSession: answered(400) }, 'wrong', /refuses to return/],
  ['post-logout-uri', 'the OP shows a page', { endSession: page('Signed out') }, 'unknown', /does not say/],
  [
    'post-logout-uri',
    'the OP has no such page',
    { endSession: null, metadata: document({ end_session_endpoint: undefined }) },
    'unknown',
    /op-sign-out/,
  ],
  ['logout-url', 'it is http on this machine', { origin: 'http://contoso.localhost:7071' }, 'warn', /not https/],
  ['logout-url', 'it is https', {}, 'unknown', /Only the OP knows/],
  ['front-channel', 'the OP may frame it', {}, 'ok', /login\.microsoftonline\.com to frame/],
  ['front-channel', 'it is behind a login', { frontChannel: answered(401) }, 'wrong', /answers 401/],
  [
    'front-channel',
    'it has X-Frame-Options',
    { frontChannel: frame({ 'x-frame-options': 'SAMEORIGIN' }) },
    'wrong',
    /X-Frame-Options/,
  ],
  ['front-channel', 'it may be stored', { frontChannel: frame({ 'cache-control': 'max-age=60' }) }, 'wrong', /stored/],
  [
    'front-channel',
    'nobody may frame it',
    { frontChannel: frame({ 'content-security-policy': "frame-ancestors 'none'" }) },
    'wrong',
    /may not frame/,
  ],
  [
    'front-channel',
    'anybody may frame it',
    { frontChannel: frame({ 'content-security-policy': "default-src 'none'" }) },
    'warn',
    /Anybody/,
  ],
  ['front-channel-sid', 'nobody has it', {}, 'ok', /the same/],
  [
    'front-channel-sid',
    'storage cannot be written',
    { frontChannelStranger: refusal(503, 'signout_unfinished') },
    'wrong',
    /cannot be written/,
  ],
  [
    'front-channel-sid',
    'it is queued',
    { frontChannelStranger: refusal(503, 'signout_queued') },
    'wrong',
    /cannot be written/,
  ],
  ['front-channel-sid', 'it tells them apart', { frontChannelStranger: answered(404) }, 'wrong', /answers 404/],
  ['front-channel-iss', 'it is refused', {}, 'ok', /refused/],
  ['front-channel-iss', 'it is taken', { frontChannelForeign: frame() }, 'wrong', /answers 200/],
  ['back-channel', 'the OP says nothing', {}, 'ok', /does not announce/],
  [
    'back-channel',
    'the OP calls it',
    { metadata: document({ backchannel_logout_supported: true }) },
    'ok',
    /where https:\/\/app\.contoso\.com\/auth\/backchannel-logout is registered/,
  ],
  ['back-channel', 'somebody else answers', { backChannel: answered(403) }, 'wrong', /answers 403/],
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
  [
    'hsts',
    'there is none',
    { alive: answered(200, '', { headers: { 'strict-transport-security': '' } }) },
    'warn',
    /none/,
  ],
  [
    'hsts',
    'it is short',
    { alive: answered(200, '', { headers: { 'strict-transport-security': 'max-age=300' } }) },
    'warn',
    /half a year/,
  ],
  [
    'server-names',
    'there is one',
    { alive: answered(200, '', { headers: { 'x-powered-by': 'ASP.NET', server: 'x/1.2' } }) },
    'warn',
    /x-powered-by, server/,
  ],
  ['session-guard', 'somebody else answers', { session: answered(200, '{}') }, 'wrong', /answers 200/],
  ['csrf-guard', 'the header is added in front', { bareCall: refusal(404, 'api_unknown') }, 'wrong', /404 api_unknown/],
  ['api-guard', 'no API is known', { call: null }, 'unknown', /no API is known/],
  ['api-guard', 'there is no such route', { call: refusal(403, 'route_not_allowed') }, 'unknown', /route_not_allowed/],
  ['api-guard', 'anybody may call it', { call: answered(200) }, 'warn', /anybody/],
  ['api-guard', 'something breaks', { call: answered(502) }, 'wrong', /answers 502/],
  ['easyauth', 'it is on', { easyAuth: answered(401) }, 'wrong', /is on/],
  ['easyauth', 'it sends people to sign in', { easyAuth: back('https://login.example/') }, 'wrong', /is on/],
  ['easyauth', 'a firewall answers', { easyAuth: answered(403) }, 'unknown', /answers 403/],
  ['invocation-id', 'it was not tried', { invocationId: null }, 'unknown', /not tried/],
  ['invocation-id', 'it hangs', { invocationId: unansweredFor('ETIMEDOUT') }, 'wrong', /not answered/],
  ['op-metadata', 'it is where the issuer is', {}, 'ok', /^It is https:/],
  ['op-metadata', 'it was not found', { metadata: null }, 'unknown', /not found/],
  [
    'op-metadata',
    'an endpoint is http',
    { metadata: document({ token_endpoint: 'http://op.example/token' }) },
    'wrong',
    /not https: token_endpoint/,
  ],
  ['op-metadata', 'there is no issuer', { metadata: document({ issuer: undefined }) }, 'wrong', /no issuer/],
  [
    'op-metadata',
    'the issuer is a template',
    { metadata: document({ issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }) },
    'ok',
    /as with Entra ID/,
  ],
  ['op-keys', 'they cannot be had', { keys: answered(500) }, 'wrong', /answers 500/],
  ['op-keys', 'there are none', { keys: answered(200, { keys: [] }) }, 'wrong', /no keys/],
  [
    'op-pkce',
    'S256 is not named',
    { metadata: document({ code_challenge_methods_supported: ['plain'] }) },
    'warn',
    /S256/,
  ],
  [
    'op-sign-out',
    'there is no page',
    { metadata: document({ end_session_endpoint: undefined }) },
    'warn',
    /no sign-out page/,
  ],
  [
    'op-sign-out',
    'it calls nobody',
    { metadata: document({ frontchannel_logout_supported: false }) },
    'warn',
    /does not announce/,
  ],
  ['clocks', 'they agree', {}, 'ok', /agree/],
  [
    'clocks',
    'an answer was six seconds on its way',
    { alive: answered(200, '', { sentAt: NOW - 5_500, receivedAt: NOW + 500 }) },
    'ok',
    /agree/,
  ],
  ['clocks', 'the OP is 10 s ahead', { metadataReply: at(10) }, 'warn', /two seconds/],
  ['clocks', 'the OP is two minutes behind', { metadataReply: at(-120) }, 'wrong', /over a minute/],
  [
    'clocks',
    'the OP is not known, and this machine is far off',
    { metadataReply: null, alive: at(300) },
    'wrong',
    /this machine/,
  ],
  ['clocks', 'the application says no time', { alive: { ...answered(200), headers: {} } }, 'unknown', /no Date/],
];

function until(days: number) {
  return answered(200, '', { certificateEndsAt: NOW + days * DAYS + 1 });
}

function at(seconds: number) {
  return answered(200, '', { headers: { date: new Date(NOW + seconds * 1_000).toUTCString() } });
}

describe('the checks', () => {
  it('find a good deployment good, but for what only the OP knows', () => {
    const bad = judge(healthy()).filter(({ verdict }) => verdict !== 'ok');
    expect(bad.map(({ check }) => check.id)).toEqual(['logout-url']);
  });

  it.each(CASES)('%s, where %s', (id, _when, changes, verdict, says) => {
    expect(finding(id, changes)).toMatchObject({ verdict, says: expect.stringMatching(says) });
  });

  it('are all tried where they find something, and each has an id of its own', () => {
    const tried = new Set(CASES.filter(([, , , verdict]) => verdict !== 'ok').map(([id]) => id));
    expect(CHECKS.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual(['reachable']);
    expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
  });

  it('say what to do of all that is wrong or to be looked at', () => {
    for (const [id, , changes, verdict] of CASES) {
      if (verdict === 'wrong' || verdict === 'warn') expect(finding(id, changes).todo).toMatch(/\w{3}/);
    }
  });

  it('lead to a heading that is there', () => {
    for (const { doc } of CHECKS) {
      const [file = '', anchor] = doc.split('#');
      const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm);
      if (anchor === undefined) continue;
      const anchors = [...headings].map(([, text = '']) =>
        text
          .toLowerCase()
          .replace(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      );
      expect(anchors).toContain(anchor);
    }
  });

  it('say nothing but that the settings come first, of all that needs them', () => {
    const broken = { ready: refusal(503, 'settings_invalid', { mistakes: [] }) };
    for (const { check, says } of judge(healthy(broken))) {
      const { of } = CHECKS.find(({ id }) => id === check.id) ?? {};
      if (of !== 'platform') expect(says).toBe('See `settings`.');
    }
  });

  it('leave out what a function app of the directory door alone has not', () => {
    const judged = judge(
      healthy({ ready: ready({ doors: ['directory'] }), signin: answered(404), session: answered(404) }),
    );
    expect(judged.filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
    expect(judged.map(({ check }) => check.id)).toContain('ready');
    expect(judged.map(({ check }) => check.id)).not.toContain('sign-in');
  });

  it('tell nothing that was secret in what they judge, and no command to a terminal', () => {
    const hostile = '\u001b[2J\u202e mark3d';
    const worst = healthy({
      ready: refusal(503, 'settings_invalid', { mistakes: [{ setting: 'HOME_PAGE', problem: `is ${hostile}` }] }),
      page: answered(200, SECRET, { setCookies: [`${hostile}=${SECRET}`] }),
    });
    for (const asked of [healthy(), worst, ...CASES.map(([, , changes]) => healthy(changes))]) {
      const diagnosis = { outcome: 'asked', at: NOW, judged: judge(asked) } as const;
      const told = [...tell(ORIGIN, diagnosis), asJson(ORIGIN, diagnosis)].join('');
      expect(told).not.toContain(SECRET);
      expect(told).not.toMatch(/[\u001b\u202e]/);
    }
  });

  it.each([
    ['a form after another', '<form '],
    ['a field after another', '<form action="https://app.contoso.com/auth/callback"> name="error" '],
  ])('are done at once with a page that is made to keep them busy: %s', (_what, piece) => {
    const text = piece.repeat(Math.ceil((512 * 1024) / piece.length));
    const began = process.cpuUsage();
    finding('redirect-uri', { authorize: answered(200, text) });
    expect(process.cpuUsage(began).user / 1_000).toBeLessThan(5_000);
  });
});
