import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { cachedAccessToken } from '../../../shared/msal/cached-access-token.ts';

const ENTITY = {
  home_account_id: 'alice.contoso',
  client_id: 'client-1',
  target: 'https://graph.example/User.Read https://graph.example/Mail.Read',
  secret: 'token-1',
  cached_at: '1000',
  expires_on: '4600',
};

const read = (entities: Record<string, unknown>[], scopes = ['https://graph.example/User.Read']) => {
  const AccessToken = Object.fromEntries(entities.map((entity, index) => [`at-${index}`, entity]));
  const cache = { homeAccountId: 'alice.contoso', serialized: JSON.stringify({ AccessToken }) };
  return cachedAccessToken(cache, 'client-1', scopes);
};

describe("an access token in a session's cache", () => {
  it('is found by account, client and scopes, with its times in milliseconds', () => {
    expect(read([ENTITY])).toEqual({ token: 'token-1', obtainedAt: 1_000_000, expiresAt: 4_600_000 });
  });

  it('says when the OP would rather give a new one, where it did', () => {
    expect(read([{ ...ENTITY, refresh_on: '2800' }])).toMatchObject({ refreshAt: 2_800_000 });
    for (const refresh_on of [undefined, 'soon']) {
      expect(read([{ ...ENTITY, refresh_on }])).not.toHaveProperty('refreshAt');
    }
  });

  it('is found whatever the case and order of the scopes', () => {
    expect(read([ENTITY], ['HTTPS://graph.example/mail.read', 'https://graph.example/user.READ'])).not.toBeNull();
  });

  it('is found even when it has expired: its reader knows what is fresh', () => {
    expect(read([{ ...ENTITY, expires_on: '1' }])).toMatchObject({ expiresAt: 1_000 });
  });

  it('is the newest of several', () => {
    const newest = { ...ENTITY, secret: 'token-2', expires_on: '9000' };
    expect(read([ENTITY, newest, { ...ENTITY, expires_on: '5000' }])?.token).toBe('token-2');
  });

  it.each([
    ['of another account', { home_account_id: 'bob.contoso' }],
    ['of another application', { client_id: 'client-2' }],
    ['of fewer scopes', { target: 'https://graph.example/Mail.Read' }],
    ['of a scope that only contains the name', { target: 'https://graph.example/User.Read.All' }],
    ['without scopes', { target: undefined }],
    ['without a secret', { secret: '' }],
    ['without an end', { expires_on: undefined }],
    ['whose end is no number', { expires_on: 'soon' }],
  ])('is not one %s', (_, difference) => {
    expect(read([{ ...ENTITY, ...difference }])).toBeNull();
  });

  it('of one API is never found for another, whatever lies in the cache', () => {
    const resources = [
      'api://a',
      'api://b',
      'https://graph.microsoft.com',
      'https://graph.microsoft.us',
      'https://m.example/',
    ];
    const names = ['x', 'User.Read', '.default'];
    const scopesOf = fc
      .tuple(fc.constantFrom(...resources), fc.subarray(names, { minLength: 1 }))
      .map(([resource, each]) => ({ resource, scopes: each.map((name) => `${resource}/${name}`) }));
    const openid = fc.subarray(['openid', 'profile', 'email']);
    const entity = fc.tuple(scopesOf, openid, fc.integer({ min: 1, max: 9_999 }));
    fc.assert(
      fc.property(fc.array(entity, { maxLength: 6 }), scopesOf, (entities, wanted) => {
        const stored = entities.map(([{ resource, scopes }, more, expiresOn]) => ({
          ...ENTITY,
          secret: resource,
          target: [...scopes, ...more].join(' '),
          expires_on: `${expiresOn}`,
        }));
        const found = read(stored, wanted.scopes);
        if (found !== null) expect(found.token).toBe(wanted.resource);
        const good = entities.some(
          ([{ resource, scopes }]) =>
            resource === wanted.resource && wanted.scopes.every((each) => scopes.includes(each)),
        );
        if (good) expect(found).not.toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('for an API without a resource of its own is none of those for APIs that have one', () => {
    const openid = { ...ENTITY, target: `openid profile ${ENTITY.target}` };
    expect(read([openid], ['openid'])).toBeNull();
    expect(read([openid], [])).toBeNull();
    expect(read([{ ...openid, target: 'openid profile' }], ['openid'])).not.toBeNull();
  });

  it('is none in a cache that has none', () => {
    expect(read([])).toBeNull();
    expect(cachedAccessToken({ homeAccountId: 'alice.contoso', serialized: '{}' }, 'client-1', ['a'])).toBeNull();
  });
});
