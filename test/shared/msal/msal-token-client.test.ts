import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMsalTokenClient } from '../../../shared/msal/msal-token-client.ts';
import type { OpMetadata } from '../../../shared/oidc/metadata.ts';
import type { OpSettings } from '../../../shared/settings/settings.ts';
import type { CodeRedemption, SessionCache } from '../../../shared/tokens/token-client.ts';

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const AUTHORITY = `https://login.example/${TENANT}`;
const OP: OpSettings = {
  protocol: 'entra',
  authority: AUTHORITY,
  metadataUrl: `${AUTHORITY}/v2.0/.well-known/openid-configuration`,
  clientId: 'client-1',
  credential: { kind: 'secret', secret: 'client-secret' },
  scopes: [],
  responseMode: 'query',
  par: 'auto',
  revocation: 'off',
  tenants: [],
  signingAlgorithms: ['RS256'],
};
const METADATA: OpMetadata = {
  issuer: `${AUTHORITY}/v2.0`,
  authorization_endpoint: `${AUTHORITY}/oauth2/v2.0/authorize`,
  token_endpoint: `${AUTHORITY}/oauth2/v2.0/token`,
  jwks_uri: `${AUTHORITY}/discovery/v2.0/keys`,
};
const CODE: CodeRedemption = {
  code: 'code-1',
  codeVerifier: 'verifier-1',
  nonce: 'nonce-1',
  redirectUri: 'https://app.example/auth/callback',
  scopes: ['openid', 'profile', 'offline_access', 'User.Read'],
};

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** MSAL reads an ID token and does not check it: any signature does here. */
const idTokenOf = (oid: string, iss = METADATA.issuer) =>
  [{ alg: 'RS256' }, { oid, tid: TENANT, sub: `sub-${oid}`, nonce: 'nonce-1', iss }, 'x'].map(encode).join('.');
const tokensOf = (oid: string, generation: number) => ({
  token_type: 'Bearer',
  scope: 'User.Read openid profile offline_access',
  expires_in: 3600,
  access_token: `access-${oid}-${generation}`,
  refresh_token: `refresh-${oid}-${generation}`,
  id_token: idTokenOf(oid),
  client_info: encode({ uid: oid, utid: TENANT }),
});

let sent: { url: string; body: URLSearchParams }[];
let answer: () => Response;
beforeEach(() => {
  sent = [];
  answer = () => Response.json(tokensOf('alice', 1));
});

const tokenEndpoint: typeof fetch = async (url, options) => {
  sent.push({ url: String(url), body: new URLSearchParams(String(options?.body)) });
  return answer();
};
const client = createMsalTokenClient(OP, METADATA, Date.now, null, tokenEndpoint);
const signIn = async (oid = 'alice'): Promise<SessionCache> => {
  answer = () => Response.json(tokensOf(oid, 1));
  const redeemed = await client.redeemCode(CODE);
  if (redeemed.outcome !== 'redeemed') throw new Error(JSON.stringify(redeemed));
  return redeemed.cache;
};

describe('an authorization code', () => {
  it('is redeemed at the token endpoint with PKCE and the credential, and MSAL asks nothing else of anybody', async () => {
    await signIn();
    expect(sent.map(({ url }) => new URL(url).origin + new URL(url).pathname)).toEqual([METADATA.token_endpoint]);
    expect(Object.fromEntries(sent[0]?.body ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      code: 'code-1',
      code_verifier: 'verifier-1',
      redirect_uri: CODE.redirectUri,
      client_id: 'client-1',
      client_secret: 'client-secret',
    });
  });

  it('gives the home account id, the ID token as it was sent, and a cache with the tokens', async () => {
    const redeemed = await client.redeemCode(CODE);
    expect(redeemed).toMatchObject({
      outcome: 'redeemed',
      idToken: idTokenOf('alice'),
      cache: { homeAccountId: `alice.${TENANT}` },
    });
    const cache = redeemed.outcome === 'redeemed' ? redeemed.cache.serialized : '';
    for (const token of ['access-alice-1', 'refresh-alice-1']) expect(cache).toContain(token);
  });

  it('of two people leaves no trace of one in the cache of the other', async () => {
    const [alice, bob] = [await signIn('alice'), await signIn('bob')];
    expect(alice.serialized).not.toContain('bob');
    expect(bob.serialized).not.toContain('alice');
  });
});

describe('a refresh', () => {
  it('redeems the refresh token of its session, and keeps the one that came for it', async () => {
    const cache = await signIn();
    answer = () => Response.json(tokensOf('alice', 2));
    const refreshed = await client.refresh(cache, ['User.Read']);
    expect(sent.at(-1)?.body.get('grant_type')).toBe('refresh_token');
    expect(sent.at(-1)?.body.get('refresh_token')).toBe('refresh-alice-1');
    expect(refreshed).toMatchObject({ outcome: 'refreshed', accessToken: { token: 'access-alice-2' } });
    const serialized = refreshed.outcome === 'refreshed' ? refreshed.cache.serialized : '';
    expect(serialized).toContain('refresh-alice-2');
    expect(serialized).not.toContain('refresh-alice-1');
  });

  it('works from a cache that has shed its access tokens and ID token to fit its property', async () => {
    const { homeAccountId, serialized } = await signIn();
    const slim = JSON.stringify({ ...JSON.parse(serialized), AccessToken: {}, IdToken: {} });
    answer = () => Response.json(tokensOf('alice', 2));
    const refreshed = await client.refresh({ homeAccountId, serialized: slim }, ['User.Read']);
    expect(sent.at(-1)?.body.get('refresh_token')).toBe('refresh-alice-1');
    expect(refreshed).toMatchObject({ outcome: 'refreshed', accessToken: { token: 'access-alice-2' } });
  });

  it.each<[string, object]>([
    ['another account', tokensOf('bob', 2)],
    ['another sub', { ...tokensOf('alice', 2), id_token: idTokenOf('bob') }],
    [
      'another sub, the account not named',
      { ...tokensOf('alice', 2), id_token: idTokenOf('bob'), client_info: undefined },
    ],
    ['another issuer', { ...tokensOf('alice', 2), id_token: idTokenOf('alice', 'https://login.evil.example/v2.0') }],
  ])('that the OP answers for %s gives no token: the grant is good for nobody', async (_what, response) => {
    const cache = await signIn();
    answer = () => Response.json(response);
    expect(await client.refresh(cache, ['User.Read'])).toEqual({
      outcome: 'grant-dead',
      reason: 'refreshed-for-another',
    });
  });

  it('without an ID token is as good', async () => {
    const cache = await signIn();
    answer = () => Response.json({ ...tokensOf('alice', 2), id_token: undefined });
    expect(await client.refresh(cache, ['User.Read'])).toMatchObject({ accessToken: { token: 'access-alice-2' } });
  });

  it('tells from when on the OP would rather give a new token, now and from the cache', async () => {
    const cache = await signIn();
    answer = () => Response.json({ ...tokensOf('alice', 2), refresh_in: 1_800 });
    const before = Math.floor(Date.now() / 1_000) * 1_000;
    const refreshed = await client.refresh(cache, ['User.Read']);
    if (refreshed.outcome !== 'refreshed') throw new Error(refreshed.outcome);
    const refreshAt = refreshed.accessToken.refreshAt ?? 0;
    expect(refreshAt - before).toBeGreaterThanOrEqual(1_800_000);
    expect(refreshAt).toBeLessThan(refreshed.accessToken.expiresAt);
    expect(client.fromCache(refreshed.cache, ['User.Read'])).toMatchObject({ refreshAt });
    expect(client.fromCache(cache, ['User.Read'])).not.toHaveProperty('refreshAt');
  });

  it.each([undefined, null, 'soon', Number.MAX_VALUE])(
    'brings a token for five minutes, or a year at most, where the OP says as long as it does: %s',
    async (expires_in) => {
      const cache = await signIn();
      answer = () => Response.json({ ...tokensOf('alice', 2), expires_in });
      const refreshed = await client.refresh(cache, ['User.Read']);
      if (refreshed.outcome !== 'refreshed') throw new Error(refreshed.outcome);
      for (const token of [refreshed.accessToken, client.fromCache(refreshed.cache, ['User.Read'])]) {
        const seconds = Math.round(((token?.expiresAt ?? 0) - Date.now()) / 10_000) * 10;
        expect(seconds).toBe(typeof expires_in === 'number' ? 366 * 24 * 60 * 60 : 300);
      }
    },
  );

  it('leaves an access token that is then read without the OP', async () => {
    const cache = await signIn();
    const asked = sent.length;
    expect(client.fromCache(cache, ['User.Read'])).toMatchObject({ token: 'access-alice-1' });
    expect(client.fromCache(cache, ['Mail.Read'])).toBeNull();
    expect(sent).toHaveLength(asked);
  });
});

describe('a token endpoint that refuses', () => {
  const refusal =
    (error: string, more: Record<string, unknown> = {}) =>
    () =>
      Response.json({ error, error_description: 'AADSTS0: alice@contoso.example', ...more }, { status: 400 });

  it.each<[string, () => Response, string]>([
    ['a revoked refresh token', refusal('invalid_grant', { error_codes: [50173] }), 'grant-dead'],
    ['a refresh token that is bad', refusal('invalid_grant', { suberror: 'bad_token' }), 'grant-dead'],
    ['missing consent', refusal('invalid_grant', { suberror: 'consent_required' }), 'interaction-required'],
    ['a person who is wanted', refusal('interaction_required'), 'interaction-required'],
    ['a second factor that is missing', refusal('invalid_grant', { suberror: 'basic_action' }), 'interaction-required'],
    ['a device to be set up', refusal('invalid_grant', { suberror: 'additional_action' }), 'interaction-required'],
    ['a policy', refusal('invalid_grant', { suberror: 'message_only' }), 'interaction-required'],
    ['an old password', refusal('invalid_grant', { suberror: 'user_password_expired' }), 'interaction-required'],
    ['a claims challenge', refusal('interaction_required', { claims: '{}' }), 'interaction-required'],
    ['a person who is signed out there', refusal('login_required'), 'interaction-required'],
    [
      'a revoked refresh token, in words that speak of interaction',
      () =>
        Response.json(
          { error: 'invalid_grant', error_description: 'AADSTS50173: revoked, interaction_required' },
          { status: 400 },
        ),
      'grant-dead',
    ],
    ['the credential', refusal('invalid_client'), 'op-refused'],
    ['for now', refusal('temporarily_unavailable'), 'op-unavailable'],
    ['with a page', () => new Response('<html>', { status: 502 }), 'op-unavailable'],
    ['with nothing', () => Response.error(), 'op-unavailable'],
    [
      'with what is no word of it, by a gateway before it',
      () => Response.json({ message: 'no' }, { status: 500 }),
      'op-unavailable',
    ],
    ['with nothing that it may say', () => Response.json({}), 'op-unavailable'],
    ['with a page that is not there', () => Response.json({ title: 'Not found' }, { status: 404 }), 'op-unavailable'],
    ['for now, in words of its own', () => Response.json({ error: 'slow_down' }, { status: 429 }), 'op-unavailable'],
    [
      'out of order, whatever it says',
      () => Response.json({ error: 'invalid_grant' }, { status: 503 }),
      'op-unavailable',
    ],
    ['with words that are none', () => Response.json({ error: { code: 'no' } }, { status: 400 }), 'op-unavailable'],
    ['with a description that is none', refusal('invalid_request', { error_description: {} }), 'op-unavailable'],
    [
      'with an empty access token',
      () => Response.json({ ...tokensOf('alice', 2), access_token: '' }),
      'op-unavailable',
    ],
    ['with tokens and 400', () => Response.json(tokensOf('alice', 2), { status: 400 }), 'op-unavailable'],
    ['with no text for a token', () => Response.json({ ...tokensOf('alice', 2), access_token: {} }), 'op-unavailable'],
    [
      'with two headers in one',
      () => Response.json({ ...tokensOf('alice', 2), access_token: 'a\r\nb: c' }),
      'op-unavailable',
    ],
    [
      'with a token of another type',
      () => Response.json({ ...tokensOf('alice', 2), token_type: 'mac' }),
      'op-unavailable',
    ],
    ['with more than anybody needs', () => Response.json({ padding: 'x'.repeat(300_000) }), 'op-unavailable'],
  ])('(%s) is named by its outcome, without its text', async (_, refuse, outcome) => {
    const cache = await signIn();
    answer = refuse;
    const refused = await client.refresh(cache, ['User.Read']);
    expect(refused.outcome).toBe(outcome);
    expect(JSON.stringify(refused)).not.toContain('alice');
  });

  it('scopes that were not granted wants the person, where it keeps to the standard', async () => {
    const other = createMsalTokenClient({ ...OP, protocol: 'oidc' }, METADATA, Date.now, null, tokenEndpoint);
    const redeemed = await other.redeemCode(CODE);
    if (redeemed.outcome !== 'redeemed') throw new Error(redeemed.outcome);
    answer = refusal('invalid_scope');
    expect(await other.refresh(redeemed.cache, ['Mail.Read'])).toEqual({
      outcome: 'interaction-required',
      reason: 'invalid_scope',
    });
    // Nobody can grant it to the application itself, and a code is for what was asked.
    expect(await other.ofApplication('api://a/.default')).toMatchObject({ outcome: 'op-refused' });
    expect(await other.redeemCode(CODE)).toMatchObject({ outcome: 'op-refused' });
    const cache = await signIn();
    answer = refusal('invalid_scope');
    expect(await client.refresh(cache, ['Mail.Read'])).toMatchObject({ outcome: 'op-refused' });
  });

  it('by not answering is unavailable', async () => {
    const cache = await signIn();
    answer = () => {
      throw new TypeError('fetch failed');
    };
    expect(await client.refresh(cache, ['User.Read'])).toEqual({ outcome: 'op-unavailable', reason: 'network_error' });
  });
});

describe('what the OP is asked to put into tokens', () => {
  const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  /** MSAL asks for some of its own in the ID token. */
  const asked = () => JSON.parse(sent.at(-1)?.body.get('claims') ?? '{}').access_token;

  it('is with every question to Entra ID that challenges are understood', async () => {
    const cache = await signIn();
    expect(asked()).toEqual({ xms_cc: { values: ['CP1'] } });
    await client.refresh(cache, ['User.Read']);
    expect(asked()).toEqual({ xms_cc: { values: ['CP1'] } });
  });

  it('is what an API wants besides, at a refresh, at a sign-in and for a token of the application’s own', async () => {
    const expected = { acrs: { essential: true, value: 'c1' }, xms_cc: { values: ['CP1'] } };
    const cache = await signIn();
    await client.refresh(cache, ['User.Read'], CLAIMS);
    expect(asked()).toEqual(expected);
    await client.redeemCode({ ...CODE, claims: CLAIMS });
    expect(asked()).toEqual(expected);
    await client.ofApplication('api://graph/.default', CLAIMS);
    expect(asked()).toEqual(expected);
  });

  it('is nothing at another OP', async () => {
    const other = createMsalTokenClient({ ...OP, protocol: 'oidc' }, METADATA, Date.now, null, tokenEndpoint);
    await other.redeemCode(CODE);
    expect(asked()).toBeUndefined();
  });

  it('is told by the OP where it wants the person to sign in with it', async () => {
    const cache = await signIn();
    const refused = { error: 'invalid_grant', suberror: 'basic_action', claims: CLAIMS };
    answer = () => Response.json(refused, { status: 400 });
    expect(await client.refresh(cache, ['User.Read'])).toMatchObject({
      outcome: 'interaction-required',
      claims: CLAIMS,
    });
    answer = () => Response.json({ ...refused, claims: '{"access_token":"no"}' }, { status: 400 });
    expect(await client.refresh(cache, ['User.Read'])).not.toHaveProperty('claims');
  });
});

describe('a token of the application’s own', () => {
  it('is asked for by client credentials each time, whatever was got before', async () => {
    answer = () => Response.json({ token_type: 'Bearer', expires_in: 3600, access_token: `own-${sent.length}` });
    const [first, second] = [
      await client.ofApplication('api://a/.default'),
      await client.ofApplication('api://a/.default'),
    ];
    expect(Object.fromEntries(sent.at(-1)?.body ?? [])).toMatchObject({
      grant_type: 'client_credentials',
      client_id: 'client-1',
      client_secret: 'client-secret',
    });
    expect([first, second]).toMatchObject([
      { outcome: 'redeemed', accessToken: { token: 'own-1' } },
      { outcome: 'redeemed', accessToken: { token: 'own-2' } },
    ]);
  });

  it('is not there where the OP refuses, or does not answer', async () => {
    answer = () => Response.json({ error: 'unauthorized_client' }, { status: 400 });
    expect(await client.ofApplication('api://a/.default')).toMatchObject({ outcome: 'op-refused' });
    answer = () => new Response('<html>', { status: 502 });
    expect(await client.ofApplication('api://a/.default')).toMatchObject({ outcome: 'op-unavailable' });
  });
});
