import { describe, expect, it } from '@jest/globals';
import { type AuthorizationRequest, authorizationUrl, NO_HINTS } from '../../../shared/oidc/authorization-url.ts';
import { endSessionForm, endSessionUrl } from '../../../shared/oidc/end-session.ts';

const REQUEST: AuthorizationRequest = {
  authorizationEndpoint: 'https://op.example/authorize',
  clientId: 'client-1',
  redirectUri: 'https://app.example/auth/callback',
  responseMode: 'query',
  scopes: ['openid', 'profile', 'offline_access'],
  state: 'state-1',
  nonce: 'nonce-1',
  codeChallenge: 'challenge-1',
  hints: NO_HINTS,
};

describe('the authorization request', () => {
  it('is the code flow with PKCE S256, state and nonce, and nothing that nobody asked for', () => {
    const url = new URL(authorizationUrl(REQUEST));
    expect(url.origin + url.pathname).toBe('https://op.example/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client-1',
      response_type: 'code',
      redirect_uri: 'https://app.example/auth/callback',
      response_mode: 'query',
      scope: 'openid profile offline_access',
      state: 'state-1',
      nonce: 'nonce-1',
      code_challenge: 'challenge-1',
      code_challenge_method: 'S256',
    });
  });

  it('carries the hints as they are, whatever characters they hold', () => {
    const hints = { prompt: 'login', loginHint: 'a+b&c=d#e', domainHint: 'ö.example', claims: '{"a":"b&c"}' } as const;
    const { searchParams, hash } = new URL(authorizationUrl({ ...REQUEST, hints }));
    expect(Object.fromEntries(searchParams)).toMatchObject({
      prompt: 'login',
      login_hint: 'a+b&c=d#e',
      domain_hint: 'ö.example',
      claims: '{"a":"b&c"}',
    });
    expect(hash).toBe('');
  });

  it('keeps a query that the endpoint has, as a B2C policy is, but for what is ours to say', () => {
    const authorizationEndpoint = 'https://op.example/authorize?p=b2c_1_signin&state=theirs';
    const { searchParams } = new URL(authorizationUrl({ ...REQUEST, authorizationEndpoint }));
    expect(searchParams.get('p')).toBe('b2c_1_signin');
    expect(searchParams.getAll('state')).toEqual(['state-1']);
  });
});

describe('the end session request', () => {
  const request = {
    endSessionEndpoint: 'https://op.example/logout?p=b2c_1_signin',
    clientId: 'client-1',
    postLogoutRedirectUri: 'https://app.example/auth/signed-out',
    state: 'state-1',
  };

  it('says who signs out and where to return, and carries no token', () => {
    const url = new URL(endSessionUrl(request, 'O.hint+1'));
    expect(url.origin + url.pathname).toBe('https://op.example/logout');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      p: 'b2c_1_signin',
      client_id: 'client-1',
      post_logout_redirect_uri: 'https://app.example/auth/signed-out',
      state: 'state-1',
      logout_hint: 'O.hint+1',
    });
  });

  it('has an ID token in the body of a form alone, never in its address', () => {
    expect(endSessionForm(request, 'header.payload.signature')).toEqual({
      action: 'https://op.example/logout?p=b2c_1_signin',
      fields: {
        id_token_hint: 'header.payload.signature',
        client_id: 'client-1',
        post_logout_redirect_uri: 'https://app.example/auth/signed-out',
        state: 'state-1',
      },
    });
  });

  it('goes without a hint where there is none', () => {
    expect(new URL(endSessionUrl(request, null)).searchParams.has('logout_hint')).toBe(false);
  });
});
