import { describe, expect, it } from '@jest/globals';
import { type AuthorizationRequest, authorizationUrl, NO_HINTS } from '../../../shared/oidc/authorization-url.ts';
import type { ClientAnswer, ClientRequest } from '../../../shared/oidc/client-requests.ts';
import type { OpMetadata } from '../../../shared/oidc/metadata.ts';
import { authorizationAddress } from '../../../shared/oidc/pushed-authorization.ts';
import { OP_METADATA } from '../../support/application.ts';

const PAR: OpMetadata = { ...OP_METADATA, pushed_authorization_request_endpoint: 'https://op.example/par' };
const REQUEST: AuthorizationRequest = {
  authorizationEndpoint: 'https://op.example/authorize?tenant=t',
  clientId: 'client-1',
  redirectUri: 'https://app.example/auth/callback',
  responseMode: 'query',
  scopes: ['openid'],
  state: 'state-1',
  nonce: 'nonce-1',
  codeChallenge: 'challenge-1',
  hints: { ...NO_HINTS, loginHint: 'alice' },
};
const answered = (status: number, body: unknown): ClientAnswer => ({ outcome: 'answered', status, body });
const PUSHED = answered(201, { request_uri: 'urn:ietf:params:oauth:request_uri:1', expires_in: 60 });

/** What comes of a request where the OP answers so, and what it was sent. */
async function push(answer: ClientAnswer, metadata = PAR, par: 'auto' | 'off' = 'auto') {
  const sent: ClientRequest[] = [];
  const address = authorizationAddress(par, metadata, async (request) => {
    sent.push(request);
    return answer;
  });
  return { address: await address(REQUEST), sent };
}

describe('an authorization request', () => {
  it('is pushed with all its parameters, and the address names it and its client alone', async () => {
    const { address, sent } = await push(PUSHED);
    expect(sent).toMatchObject([{ endpoint: 'https://op.example/par' }]);
    expect(sent[0]?.fields).toEqual({
      client_id: 'client-1',
      response_type: 'code',
      redirect_uri: 'https://app.example/auth/callback',
      response_mode: 'query',
      scope: 'openid',
      state: 'state-1',
      nonce: 'nonce-1',
      code_challenge: 'challenge-1',
      code_challenge_method: 'S256',
      login_hint: 'alice',
    });
    expect(Object.fromEntries(new URL(String(address)).searchParams)).toEqual({
      tenant: 't',
      client_id: 'client-1',
      request_uri: 'urn:ietf:params:oauth:request_uri:1',
    });
  });

  it.each([
    ['the OP does not take it so', 'auto', OP_METADATA],
    ['it is switched off', 'off', PAR],
  ] as const)('goes in the address where %s', async (_, par, metadata) => {
    const { address, sent } = await push(PUSHED, metadata, par);
    expect(sent).toEqual([]);
    expect(address).toBe(authorizationUrl(REQUEST));
  });

  it.each([
    ['par-required', 'off', { ...PAR, require_pushed_authorization_requests: true }],
    ['par-no-endpoint', 'auto', { ...OP_METADATA, require_pushed_authorization_requests: true }],
  ] as const)('goes nowhere, %s, where the OP takes no other', async (reason, par, metadata) => {
    const { address, sent } = await push(PUSHED, metadata, par);
    expect({ address, sent }).toEqual({ address: { outcome: 'op-refused', reason }, sent: [] });
  });

  it.each([
    ['op-refused', 'par-invalid_client', answered(401, { error: 'invalid_client' })],
    ['op-refused', 'par-invalid_request', answered(400, { error: 'invalid_request', error_description: 'alice' })],
    ['op-refused', 'par-status-400', answered(400, { error: 'alice is unknown' })],
    ['op-refused', 'par-status-404', answered(404, null)],
    ['op-refused', 'par-status-302', answered(302, null)],
    ['op-unavailable', 'par-status-429', answered(429, {})],
    ['op-unavailable', 'par-status-503', answered(503, null)],
    ['op-unavailable', 'par-server_error', answered(400, { error: 'server_error' })],
    ['op-unavailable', 'par-malformed', answered(201, null)],
    ['op-unavailable', 'par-malformed', answered(201, { request_uri: 7 })],
    ['op-unavailable', 'par-malformed', answered(201, { request_uri: '' })],
    ['op-unavailable', 'par-malformed', answered(201, { request_uri: `urn:${'x'.repeat(2_048)}` })],
    ['op-unavailable', 'par-deadline', { outcome: 'failed', reason: 'deadline' }],
    ['op-unavailable', 'par-unreachable', { outcome: 'failed', reason: 'unreachable' }],
  ] as const)(
    'that cannot be pushed is never put into the address instead: %s, %s',
    async (outcome, reason, answer) => {
      expect((await push(answer)).address).toEqual({ outcome, reason });
    },
  );
});
