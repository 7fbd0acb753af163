import { describe, expect, it } from '@jest/globals';
import { revokeRefreshToken } from '../../../shared/msal/revoke.ts';
import type { OpMetadata } from '../../../shared/oidc/metadata.ts';
import type { ClientCredential, OpSettings } from '../../../shared/settings/settings.ts';
import { OP_METADATA } from '../../support/application.ts';

const settings = (credential: ClientCredential): OpSettings => ({
  protocol: 'oidc',
  authority: 'https://op.example',
  metadataUrl: 'https://op.example/.well-known/openid-configuration',
  clientId: 'client-1',
  credential,
  scopes: [],
  responseMode: 'query',
  par: 'auto',
  tenants: [],
  signingAlgorithms: ['RS256'],
});
const SECRET = settings({ kind: 'secret', secret: 'client-secret' });
const METADATA: OpMetadata = { ...OP_METADATA, revocation_endpoint: 'https://op.example/revoke' };
const cacheOf = (entities: object) => ({
  homeAccountId: 'alice',
  serialized: JSON.stringify({ RefreshToken: entities }),
});
const CACHE = cacheOf({ 'alice-refreshtoken': { secret: 'refresh-1' } });

describe('a refresh token that came too late for its session', () => {
  it('is revoked where the OP can, as RFC 7009 section 2.1 has it', async () => {
    const sent: { url: string; form: object; redirect: unknown }[] = [];
    const op: typeof fetch = async (url, options) => {
      const form = Object.fromEntries(options?.body as URLSearchParams);
      sent.push({ url: String(url), form, redirect: options?.redirect });
      return new Response(null, { status: 200 });
    };
    expect(await revokeRefreshToken(SECRET, METADATA, CACHE, op)).toBe('revoked');
    const form = {
      token: 'refresh-1',
      token_type_hint: 'refresh_token',
      client_id: 'client-1',
      client_secret: 'client-secret',
    };
    expect(sent).toEqual([{ url: 'https://op.example/revoke', form, redirect: 'error' }]);
  });

  it('is thrown away all the same where the OP refuses, or does not answer', async () => {
    const refusing = async () => Response.json({ error: 'unsupported_token_type' }, { status: 400 });
    const dead = async () => Promise.reject(new TypeError('fetch failed'));
    expect(await revokeRefreshToken(SECRET, METADATA, CACHE, refusing)).toBe('failed');
    expect(await revokeRefreshToken(SECRET, METADATA, CACHE, dead)).toBe('failed');
  });

  it('is sent nowhere by an OP that cannot, without a secret to show, or without a token', async () => {
    const unreachable: typeof fetch = () => {
      throw new Error('asked for nothing');
    };
    const managed = settings({ kind: 'managed-identity', managedIdentityClientId: 'mi-1' });
    expect(await revokeRefreshToken(SECRET, OP_METADATA, CACHE, unreachable)).toBe('not-supported');
    expect(await revokeRefreshToken(managed, METADATA, CACHE, unreachable)).toBe('not-supported');
    expect(await revokeRefreshToken(SECRET, METADATA, cacheOf({}), unreachable)).toBe('not-supported');
  });
});
