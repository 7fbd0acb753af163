import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { importJWK, type JWTPayload, SignJWT } from 'jose';
import { applicationOf, issuerOf, type OpState } from './state.ts';
import type { Application, User } from './types.ts';
import { pairwiseSub } from './users.ts';

const LIFE_SECONDS = 120;
const DEADLINE_MILLISECONDS = 5_000;

/**
 * Makes a logout token for an application, signed with the key that signs now.
 *
 * @param claims over the usual ones; an undefined one is left out
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken
 */
export async function makeLogoutToken(state: OpState, clientId: string, claims: JWTPayload): Promise<string> {
  const [key] = state.keys;
  if (!key?.kid) throw new Error('The local OpenID provider has no signing key.');
  const iat = Math.floor(Date.now() / 1000);
  const usual = { iss: issuerOf(state), aud: clientId, iat, exp: iat + LIFE_SECONDS, jti: randomUUID() };
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const token = await new SignJWT({ ...usual, events, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'logout+jwt' })
    .sign(await importJWK(key, 'RS256'));
  state.record(token);
  return token;
}

/** Tells every application of an OP session that has a back-channel logout URI, all at once; one that fails is an event, and no more. */
export async function callBackChannels(
  state: OpState,
  clientIds: Iterable<string>,
  sid: string,
  user: User,
): Promise<void> {
  const called = [...clientIds].map(async (clientId) => {
    const application = applicationOf(state, clientId);
    if (!application?.backchannelLogoutUri) return;
    const event = { application: application.name, user: user.upn };
    try {
      const token = await makeLogoutToken(state, clientId, { sid, sub: pairwiseSub(user.oid, clientId) });
      const status = await post(application.backchannelLogoutUri, token);
      state.emit({ kind: 'backchannel-called', ...event, status });
    } catch (error) {
      state.emit({ kind: 'failed', ...event, detail: error instanceof Error ? error.message : 'unknown' });
    }
  });
  await Promise.all(called);
}

/** Posts to an application on this machine, by the loopback address: Node may not resolve `*.localhost`. */
function post(uri: NonNullable<Application['backchannelLogoutUri']>, token: string): Promise<number> {
  const { host, port, pathname, search } = new URL(uri);
  const body = new URLSearchParams({ logout_token: token }).toString();
  const headers = {
    host,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(DEADLINE_MILLISECONDS);
    const outgoing = request({
      hostname: '127.0.0.1',
      port,
      path: `${pathname}${search}`,
      method: 'POST',
      headers,
      signal,
      agent: false,
    });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    });
    outgoing.end(body);
  });
}
