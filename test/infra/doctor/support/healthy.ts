import type { Asked } from '../../../../infra/doctor/asked.ts';
import type { Answered } from '../../../../infra/doctor/reply.ts';

export const ORIGIN = 'https://app.contoso.com';
const OP = 'https://login.microsoftonline.com';
const TENANT = '0defaced-0000-4000-8000-000000000000';
export const NOW = Date.UTC(2026, 10, 29, 12);
const DAYS = 86_400_000;

/** In everything that must never be told. */
export const SECRET = 'mark3r-c0ffee';

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
  date: new Date(NOW).toUTCString(),
};

export function answered(status: number, body: unknown = '', more: Partial<Answered> = {}): Answered {
  return {
    kind: 'answered',
    url: `${ORIGIN}/`,
    status,
    setCookies: [],
    text: typeof body === 'string' ? body : JSON.stringify(body),
    sentAt: NOW + 400,
    receivedAt: NOW + 600,
    certificateEndsAt: NOW + 60 * DAYS,
    ...more,
    headers: { ...HEADERS, ...more.headers },
  };
}

export const refusal = (status: number, code: string, more: Readonly<Record<string, unknown>> = {}): Answered =>
  answered(status, { type: `urn:exeunt:problem:${code}`, code, ...more });

const POLICY = (ancestors: string) =>
  `default-src 'none'; script-src 'self'; form-action 'self'; frame-ancestors ${ancestors}`;

export const frame = (headers: Readonly<Record<string, string>> = {}): Answered =>
  answered(200, '<!doctype html>', { headers: { 'content-security-policy': POLICY(OP), ...headers } });

export const ready = (more: Readonly<Record<string, unknown>> = {}, status = 200): Answered =>
  answered(status, {
    status: 'ready',
    parts: { storage: 'ready', op: 'ready' },
    doors: ['own', 'sessions', 'front-channel', 'back-channel'],
    sessionKeys: { seals: 'k2', opens: ['k2', 'k1'] },
    lastSignin: { sid: 'id_token', loginHint: true },
    ...more,
  });

/** Where a sign-in leads; an undefined parameter is left out. */
export function signinTo(changes: Readonly<Record<string, string | undefined>> = {}, cookie = GOOD_COOKIE): Answered {
  const parameters = {
    client_id: 'client-1',
    response_type: 'code',
    redirect_uri: `${ORIGIN}/auth/callback`,
    response_mode: 'query',
    state: SECRET,
    nonce: SECRET,
    code_challenge: SECRET,
    code_challenge_method: 'S256',
    prompt: 'none',
    ...changes,
  };
  const query = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const location = `${OP}/${TENANT}/oauth2/v2.0/authorize?${new URLSearchParams(query)}`;
  return answered(302, '', { headers: { location }, setCookies: [cookie] });
}

export const GOOD_COOKIE = `__Host-signin-${SECRET}=${SECRET}; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax`;

/** The OP's answer to somebody who is not signed in. */
export const sentBack = (error = 'login_required'): Answered =>
  answered(302, '', { headers: { location: `${ORIGIN}/auth/callback?error=${error}&state=${SECRET}` } });

export const document = (changes: Readonly<Record<string, unknown>> = {}): NonNullable<Asked['metadata']> => ({
  url: `${OP}/${TENANT}/v2.0/.well-known/openid-configuration`,
  document: {
    issuer: `${OP}/${TENANT}/v2.0`,
    authorization_endpoint: `${OP}/${TENANT}/oauth2/v2.0/authorize`,
    token_endpoint: `${OP}/${TENANT}/oauth2/v2.0/token`,
    jwks_uri: `${OP}/${TENANT}/discovery/v2.0/keys`,
    end_session_endpoint: `${OP}/${TENANT}/oauth2/v2.0/logout`,
    frontchannel_logout_supported: true,
    ...changes,
  },
});

/** All that a good deployment and Entra ID answer, but for what is changed. */
export function healthy(changes: Partial<Asked> = {}): Asked {
  return {
    origin: ORIGIN,
    at: NOW,
    alive: answered(200, { status: 'alive' }),
    ready: ready(),
    session: refusal(401, 'session_required'),
    signin: signinTo(),
    page: answered(200, '<!doctype html>', { headers: { 'content-security-policy': POLICY("'none'") } }),
    frontChannel: frame(),
    frontChannelStranger: frame(),
    frontChannelForeign: refusal(400, 'logout_request_invalid'),
    backChannel: answered(400, { error: 'invalid_request' }),
    operator: answered(404),
    bareCall: refusal(403, 'csrf_header_missing'),
    call: refusal(401, 'session_required'),
    easyAuth: answered(404),
    plainHttp: answered(301, '', { headers: { location: `${ORIGIN}/health` } }),
    invocationId: answered(200, { status: 'alive' }),
    authorize: sentBack(),
    metadata: document(),
    metadataReply: answered(200),
    keys: answered(200, { keys: [{}] }),
    endSession: answered(302, '', { headers: { location: `${ORIGIN}/auth/signed-out` } }),
    ...changes,
  };
}
