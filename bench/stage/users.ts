import { createHash, randomBytes } from 'node:crypto';
import { createMsalTokenClient } from '../../shared/msal/msal-token-client.ts';
import type { OpMetadata } from '../../shared/oidc/metadata.ts';
import type { OpSettings } from '../../shared/settings/settings.ts';

/** Somebody who is signed in, with access tokens for this many resources in a cache that MSAL itself has written. */
export interface User {
  readonly id: string;
  readonly resources: number;
  readonly homeAccountId: string;
  /** The token of the resource that is called: the upstream knows by it who calls. */
  readonly accessToken: string;
  /** MSAL's own JSON. */
  readonly cache: string;
}

/** The scope of one resource; the first is the one that is called. */
export const scopeOf = (resource: number): string => `api://resource-${resource}/Data.Read`;

/** About what Entra ID's come to: an access token of some claims, an encrypted refresh token. */
const ACCESS_TOKEN_CHARACTERS = 1_600;
const REFRESH_TOKEN_CHARACTERS = 1_200;
/** Longer than any run. */
const TOKEN_LIFE_SECONDS = 86_400;
const TENANT = '5c1b2f1e-2d4c-4f0a-9b61-1f6f6f3c0001';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const opaque = (characters: number): string => randomBytes(characters).toString('base64url').slice(0, characters);

/** Signs somebody in, at a token endpoint that is a function, and gets a token for each of their resources. */
export async function makeUser(op: OpSettings, metadata: OpMetadata, id: string, resources: number): Promise<User> {
  const oid = guidOf(id);
  const tokens = createMsalTokenClient(op, metadata, Date.now, null, async (_url, options) => {
    const asked = new URLSearchParams(String(options?.body)).get('scope') ?? '';
    return Response.json(tokenAnswer(metadata.issuer, op.clientId, oid, id, asked));
  });
  const redeemed = await tokens.redeemCode({
    code: 'code',
    codeVerifier: 'verifier',
    nonce: 'nonce',
    redirectUri: 'https://app.example/auth/callback',
    scopes: ['openid', 'profile', 'offline_access', scopeOf(0)],
  });
  if (redeemed.outcome !== 'redeemed') throw new Error(`no tokens for ${id}: ${JSON.stringify(redeemed)}`);
  let { cache } = redeemed;
  for (let resource = 1; resource < resources; resource += 1) {
    const refreshed = await tokens.refresh(cache, [scopeOf(resource)]);
    if (refreshed.outcome !== 'refreshed') throw new Error(`no token for ${id}: ${JSON.stringify(refreshed)}`);
    cache = refreshed.cache;
  }
  const accessToken = tokens.fromCache(cache, [scopeOf(0)])?.token;
  if (accessToken === undefined) throw new Error(`the cache of ${id} holds no token of the resource that is called`);
  return { id, resources, homeAccountId: cache.homeAccountId, accessToken, cache: cache.serialized };
}

/** @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#successful-response-2 */
function tokenAnswer(issuer: string, clientId: string, oid: string, name: string, asked: string): object {
  const claims = {
    aud: clientId,
    iss: issuer,
    iat: nowSeconds(),
    nbf: nowSeconds(),
    exp: nowSeconds() + TOKEN_LIFE_SECONDS,
    name: `Person ${name}`,
    nonce: 'nonce',
    oid,
    preferred_username: `${name}@contoso.example`,
    rh: opaque(80),
    sid: guidOf(`sid of ${name}`),
    login_hint: opaque(120),
    sub: createHash('sha256').update(oid).digest('base64url'),
    tid: TENANT,
    uti: opaque(22),
    ver: '2.0',
  };
  const scope = asked.split(' ').filter((one) => one !== 'offline_access');
  return {
    token_type: 'Bearer',
    scope: scope.join(' '),
    expires_in: TOKEN_LIFE_SECONDS,
    ext_expires_in: TOKEN_LIFE_SECONDS,
    access_token: opaque(ACCESS_TOKEN_CHARACTERS),
    refresh_token: opaque(REFRESH_TOKEN_CHARACTERS),
    id_token: [encode({ typ: 'JWT', alg: 'RS256', kid: opaque(27) }), encode(claims), opaque(342)].join('.'),
    client_info: encode({ uid: oid, utid: TENANT }),
  };
}

const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
