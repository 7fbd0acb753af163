import { describe, expect, it } from '@jest/globals';
import { tokenExchangeAudience } from '../../../shared/settings/authority.ts';
import { problemsWith, settingsWith, TENANT } from './environment.ts';

const IDENTITY = { AUTH_CLIENT_SECRET: '', AUTH_MANAGED_IDENTITY_CLIENT_ID: TENANT };
const OWN_DOMAIN = 'login.contoso.com';
const HOSTS = [
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  'contoso.ciamlogin.com',
  OWN_DOMAIN,
];

describe('an authority of Entra ID', () => {
  it.each(HOSTS)('may be a tenant at %s', (host) => {
    const { authority, metadataUrl } = settingsWith({ AUTH_AUTHORITY: `https://${host}/${TENANT}/` }).op;
    expect(authority).toBe(`https://${host}/${TENANT}`);
    expect(metadataUrl).toBe(`https://${host}/${TENANT}/v2.0/.well-known/openid-configuration`);
    expect(settingsWith({ AUTH_AUTHORITY: `https://${host}/contoso.onmicrosoft.com` }).op.tenants).toEqual([]);
  });

  it.each(HOSTS.filter((host) => host !== OWN_DOMAIN))('has to name a tenant at %s, and to end with it', (host) => {
    expect(problemsWith({ AUTH_AUTHORITY: `https://${host}` })).toEqual({
      AUTH_AUTHORITY: 'names no tenant: its id, a domain of it, or common, organizations or consumers',
    });
    expect(problemsWith({ AUTH_AUTHORITY: `https://${host}/${TENANT}/v2.0` })).toEqual({
      AUTH_AUTHORITY: 'must end with the tenant: what comes behind it is added where it belongs',
    });
  });

  it.each(HOSTS)('of many tenants at %s wants to know which are let in', (host) => {
    for (const tenant of ['common', 'organizations', 'consumers']) {
      const AUTH_AUTHORITY = `https://${host}/${tenant}`;
      expect(Object.keys(problemsWith({ AUTH_AUTHORITY }))).toEqual(['AUTH_TENANTS']);
      expect(settingsWith({ AUTH_AUTHORITY, AUTH_TENANTS: TENANT }).op.tenants).toEqual([TENANT]);
    }
  });
});

describe('at Entra ID', () => {
  it.each(['token', 'session', 'account'])('nobody is told that tokens are revoked: AUTH_REVOCATION=%s', (reach) => {
    expect(problemsWith({ AUTH_REVOCATION: reach })).toEqual({ AUTH_REVOCATION: expect.stringMatching(/of no use/) });
    expect(settingsWith({ AUTH_REVOCATION: reach, AUTH_PROTOCOL: 'oidc' }).op.revocation).toBe(reach);
  });

  it('none may be, in so many words or in none', () => {
    for (const AUTH_REVOCATION of ['off', '']) expect(settingsWith({ AUTH_REVOCATION }).op.revocation).toBe('off');
  });

  it('nothing may be asked for beside .default', () => {
    const AUTH_SCOPES = 'User.Read api://a/.default';
    expect(problemsWith({ AUTH_SCOPES })).toEqual({ AUTH_SCOPES: expect.stringMatching(/nothing beside/) });
    expect(problemsWith({ AUTH_SCOPES: 'api://a/.default' })).toEqual({});
    expect(problemsWith({ AUTH_SCOPES, AUTH_PROTOCOL: 'oidc' })).toEqual({});
  });
});

describe('an authority of another OP', () => {
  it.each(['https://op.contoso.com', 'https://op.contoso.com/realms/a', 'https://op.contoso.com/v2.0'])(
    'is what it is: %s',
    (AUTH_AUTHORITY) => {
      const { metadataUrl } = settingsWith({ AUTH_AUTHORITY, AUTH_PROTOCOL: 'oidc' }).op;
      expect(metadataUrl).toBe(`${AUTH_AUTHORITY}/.well-known/openid-configuration`);
    },
  );
});

describe("a managed identity's token as the client assertion", () => {
  it.each([
    ['login.microsoftonline.com', 'api://AzureADTokenExchange'],
    ['login.microsoftonline.us', 'api://AzureADTokenExchangeUSGov'],
    ['login.partner.microsoftonline.cn', 'api://AzureADTokenExchangeChina'],
    ['LOGIN.MICROSOFTONLINE.US', 'api://AzureADTokenExchangeUSGov'],
    ['login.microsoftonline.us.evil.example', 'api://AzureADTokenExchange'],
    ['login.contoso.com', 'api://AzureADTokenExchange'],
  ])('is for the exchange of the cloud of %s', (host, audience) => {
    expect(tokenExchangeAudience(`https://${host}/${TENANT}`)).toBe(audience);
    expect(settingsWith({ ...IDENTITY, AUTH_AUTHORITY: `https://${host}/${TENANT}` }).op.credential.kind).toBe(
      'managed-identity',
    );
  });

  it('is refused for an external tenant, in whose directory no managed identity is', () => {
    const AUTH_AUTHORITY = `https://contoso.ciamlogin.com/${TENANT}`;
    expect(problemsWith({ ...IDENTITY, AUTH_AUTHORITY })).toEqual({
      AUTH_MANAGED_IDENTITY_CLIENT_ID:
        'is of no use at an external tenant: a managed identity is trusted in its own tenant alone',
    });
    expect(settingsWith({ AUTH_AUTHORITY }).op.credential.kind).toBe('secret');
  });
});
