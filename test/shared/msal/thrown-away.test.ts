import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMsalTokenClient } from '../../../shared/msal/msal-token-client.ts';
import type { RevocationReach } from '../../../shared/settings/settings.ts';
import type { SessionCache, TokenClient } from '../../../shared/tokens/token-client.ts';
import { OP_METADATA, testApplication } from '../../support/application.ts';

const CODE = {
  code: 'code-1',
  codeVerifier: 'verifier-1',
  nonce: 'nonce-1',
  redirectUri: 'https://app.example/auth/callback',
  scopes: ['openid', 'profile', 'offline_access'],
};
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** MSAL reads an ID token and does not check its signature. */
const tokensOf = (sub: string, refreshToken: string, nonce = CODE.nonce) => ({
  token_type: 'Bearer',
  scope: 'openid profile offline_access api.read',
  expires_in: 3600,
  access_token: `access-of-${refreshToken}`,
  refresh_token: refreshToken,
  id_token: [{ alg: 'RS256' }, { sub, nonce, iss: OP_METADATA.issuer }, 'x'].map(encode).join('.'),
});

let answer: unknown;
let revoked: string[];
beforeEach(() => {
  revoked = [];
});
const clientWith = (revocation: RevocationReach | 'off'): TokenClient => {
  const { settings } = testApplication({
    protocol: 'oidc',
    authority: 'https://op.example',
    revocation,
  }).application;
  const revoke = async (token: string) => {
    revoked.push(token);
    return 'revoked' as const;
  };
  return createMsalTokenClient(settings.op, OP_METADATA, Date.now, revoke, async () => Response.json(answer));
};
async function signedIn(client: TokenClient): Promise<SessionCache> {
  answer = tokensOf('alice', 'first');
  const redeemed = await client.redeemCode(CODE);
  if (redeemed.outcome !== 'redeemed') throw new Error(JSON.stringify(redeemed));
  return redeemed.cache;
}

describe('an answer of the token endpoint that is not believed', () => {
  it.each([
    ['token', ['first']],
    ['session', []],
    ['account', []],
    ['off', []],
  ] as const)('for its nonce: its refresh token is revoked where that ends nothing else: %s', async (reach, names) => {
    answer = tokensOf('alice', 'first', 'another-nonce');
    expect(await clientWith(reach).redeemCode(CODE)).toMatchObject({ outcome: 'id-token-refused' });
    expect(revoked).toEqual(names);
  });

  it.each([
    ['token', ['second']],
    ['session', []],
  ] as const)('for its person, at a refresh: likewise, %s', async (reach, names) => {
    const client = clientWith(reach);
    const cache = await signedIn(client);
    answer = tokensOf('mallory', 'second');
    expect(await client.refresh(cache, ['api.read'])).toMatchObject({ outcome: 'grant-dead' });
    expect(revoked).toEqual(names);
  });

  it('but not where it is the one that is stored: the session lives by it', async () => {
    const client = clientWith('token');
    const cache = await signedIn(client);
    answer = tokensOf('mallory', 'first');
    await client.refresh(cache, ['api.read']);
    expect(revoked).toEqual([]);
  });

  it('and one that is believed is revoked by nobody', async () => {
    const client = clientWith('token');
    const cache = await signedIn(client);
    answer = tokensOf('alice', 'second');
    expect(await client.refresh(cache, ['api.read'])).toMatchObject({ outcome: 'refreshed' });
    expect(revoked).toEqual([]);
    expect(await client.revoke(cache)).toBe('revoked');
    expect(revoked).toEqual(['first']);
  });
});

describe('how far a revocation reaches', () => {
  it('is as the setting says, where the OP has an endpoint for it', () => {
    expect((['token', 'session', 'account', 'off'] as const).map((reach) => clientWith(reach).revocation)).toEqual([
      'token',
      'session',
      'account',
      null,
    ]);
    const { settings } = testApplication({ protocol: 'oidc', revocation: 'session' }).application;
    expect(createMsalTokenClient(settings.op, OP_METADATA, Date.now, null).revocation).toBeNull();
  });
});
