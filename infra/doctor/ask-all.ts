import { randomUUID } from 'node:crypto';
import { isLoopbackHost } from '../../shared/settings/origin.ts';
import type { Ask } from './ask.ts';
import type { Asked } from './asked.ts';
import { findMetadata } from './find-metadata.ts';
import { type Answered, type Reply, redirectIn } from './reply.ts';

/** What is to be asked beyond what always is. */
export interface Wanted {
  readonly origin: string;
  readonly metadataUrl: string | null;
  readonly api: string | null;
  readonly triesInvocationId: boolean;
}

/** An instance that keeps a caller's invocation id never answers. */
const INVOCATION_ID_MILLISECONDS = 3_000;

/** Asks the application all that the checks need, then its OP. @param alive what `/health` has answered already */
export async function askAll(ask: Ask, wanted: Wanted, alive: Answered): Promise<Asked> {
  const { origin } = wanted;
  const at = Date.now();
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) => ask(`${origin}${path}`, { headers });
  const stranger = `doctor-${randomUUID()}`;
  const foreign = new URLSearchParams({ sid: stranger, iss: 'https://issuer.invalid' });
  const plainUrl = plainHttpOf(origin);
  const [app, op] = await Promise.all([
    together({
      ready: get('/health/ready'),
      session: get('/auth/session'),
      page: get('/auth/signed-out'),
      frontChannel: get('/auth/signout-callback'),
      frontChannelStranger: get(`/auth/signout-callback?sid=${stranger}`),
      frontChannelForeign: get(`/auth/signout-callback?${foreign}`),
      backChannel: ask(`${origin}/auth/backchannel-logout`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: '',
      }),
      operator: get('/operator/accounts/doctor'),
      bareCall: get(`/api/${wanted.api ?? 'doctor/asks'}`),
      call: askCall(get, wanted.api),
      easyAuth: get('/.auth/me'),
      plainHttp: plainUrl === null ? null : ask(plainUrl),
      invocationId: wanted.triesInvocationId
        ? ask(`${origin}/health`, {
            headers: { 'x-ms-invocation-id': randomUUID() },
            deadlineMilliseconds: INVOCATION_ID_MILLISECONDS,
          })
        : null,
    }),
    askOp(ask, wanted),
  ]);
  return { origin, at, alive, ...app, ...op };
}

/** Sets out on a sign-in that nobody is asked about (`prompt=none`) and opens where it leads, once; what comes of that is not followed. */
async function askOp(ask: Ask, { origin, metadataUrl }: Wanted) {
  const signin = await ask(`${origin}/auth/signin?returnTo=/&prompt=none`);
  const address = signin.kind === 'answered' ? redirectIn(signin) : null;
  if (address === null || !mayBeAsked(address, origin)) {
    return { signin, authorize: null, metadata: null, metadataReply: null, keys: null, endSession: null };
  }
  const [authorize, { found, reply: metadataReply }] = await Promise.all([
    ask(address.href, { headers: { accept: 'text/html' } }),
    findMetadata(ask, address, metadataUrl),
  ]);
  const { jwks_uri: keysUrl, end_session_endpoint: endUrl } = found?.document ?? {};
  const { keys, endSession } = await together({
    keys: askAt(ask, origin, keysUrl, {}),
    endSession: askAt(ask, origin, endUrl, {
      client_id: address.searchParams.get('client_id') ?? '',
      post_logout_redirect_uri: `${origin}/auth/signed-out`,
    }),
  });
  return { signin, authorize, metadata: found, metadataReply, keys, endSession };
}

async function askAt(
  ask: Ask,
  origin: string,
  address: unknown,
  query: Readonly<Record<string, string>>,
): Promise<Reply | null> {
  const url = typeof address === 'string' ? URL.parse(address) : null;
  if (url === null || !mayBeAsked(url, origin)) return null;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return ask(url.href);
}

/** A call that `DOWNSTREAM_APIS` allows: what was said, else the first that the built-in page offers. */
async function askCall(
  get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Reply>,
  api: string | null,
): Promise<Reply | null> {
  const call = api ?? callOffered(await get('/', { accept: 'text/html' }));
  return call === null ? null : get(`/api/${call}`, { 'x-csrf': '1' });
}

/** A GET without a wildcard among the options of the built-in page's form. */
function callOffered(home: Reply): string | null {
  if (home.kind !== 'answered' || home.status !== 200) return null;
  const offered = /data-api="([a-z0-9-]{1,32})" data-method="GET" data-pattern="((?:\/[\w.-]+)+)"/.exec(home.text);
  return offered === null ? null : `${offered[1]}${offered[2]}`;
}

/** The same host at port 80; null where plain http is not served to browsers anyway: on this machine, and at other ports. */
export function plainHttpOf(origin: string): string | null {
  const { protocol, port, hostname } = new URL(origin);
  return protocol === 'https:' && port === '' ? `http://${hostname}/health` : null;
}

/** An application somewhere else has no say in what this machine asks of itself: that is for one that runs here. */
function mayBeAsked({ protocol, hostname }: URL, origin: string): boolean {
  if (isLoopbackHost(hostname) && !isLoopbackHost(new URL(origin).hostname)) return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}

/** All at once, by name. */
async function together<T extends Record<string, unknown>>(asked: T): Promise<{ [Name in keyof T]: Awaited<T[Name]> }> {
  const replies = await Promise.all(Object.values(asked));
  return Object.fromEntries(Object.keys(asked).map((name, index) => [name, replies[index]])) as never;
}
