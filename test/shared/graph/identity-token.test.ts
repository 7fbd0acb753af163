import { expect, it } from '@jest/globals';
import { systemAmbient } from '../../../shared/ambient/system.ts';
import { identityToken } from '../../../shared/graph/identity-token.ts';
import { createBearerTokens, type GetToken } from '../../../shared/identity/bearer-tokens.ts';

const tokenOf = (getToken: GetToken) => identityToken(createBearerTokens(getToken, systemAmbient))();

it('Graph is asked with a token of the identity', async () => {
  const given = async () => ({ token: 'token-1', expiresOnTimestamp: Date.now() + 3_600_000 });
  expect(await tokenOf(given)).toEqual({ token: 'token-1' });
});

it('of one that cannot be had the log learns the kind of the error, and no word of it', async () => {
  const named = Object.assign(new Error('http://127.0.0.1/mark3r'), { name: 'CredentialUnavailableError' });
  for (const [error, failed] of [
    [named, 'CredentialUnavailableError'],
    [Object.assign(new Error(), { name: 'http://mark3r' }), 'error'],
    ['mark3r', 'error'],
  ]) {
    expect(await tokenOf(() => Promise.reject(error))).toEqual({ failed });
  }
});
