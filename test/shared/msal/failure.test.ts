import { ClientAuthError, InteractionRequiredAuthError, ServerError } from '@azure/msal-node';
import { describe, expect, it } from '@jest/globals';
import { codeFailure, tokenFailure } from '../../../shared/msal/failure.ts';

const SECRET = 'AADSTS50173: refresh token 0.AXyz of alice@contoso.example';
const server = (code: string, subError?: string) => new ServerError(code, 'correlation-1', SECRET, subError);
const interaction = (code: string, subError?: string) =>
  new InteractionRequiredAuthError(code, 'correlation-1', SECRET, subError);

describe("a failure at the OP's token endpoint", () => {
  it.each([
    ['a refresh token that was revoked', server('invalid_grant'), 'grant-dead', 'invalid_grant'],
    [
      'a refresh token that Entra ID calls bad',
      interaction('invalid_grant', 'bad_token'),
      'grant-dead',
      'invalid_grant/bad_token',
    ],
    ['a cache without refresh token', interaction('no_tokens_found'), 'grant-dead', 'no_tokens_found'],
    ['a refresh token past its end', interaction('refresh_token_expired'), 'grant-dead', 'refresh_token_expired'],
    ['consent that is missing', interaction('consent_required'), 'interaction-required', 'consent_required'],
    ['a claims challenge', interaction('interaction_required'), 'interaction-required', 'interaction_required'],
    [
      'a person who is wanted',
      interaction('invalid_grant', 'basic_action'),
      'interaction-required',
      'invalid_grant/basic_action',
    ],
    [
      'a consent that Entra ID calls an invalid grant',
      interaction('invalid_grant', 'consent_required'),
      'interaction-required',
      'invalid_grant/consent_required',
    ],
    [
      'a refresh token that was revoked, with a word in the text that MSAL takes for interaction,',
      interaction('invalid_grant'),
      'grant-dead',
      'invalid_grant',
    ],
    ['an OP that is overloaded', server('temporarily_unavailable'), 'op-unavailable', 'temporarily_unavailable'],
    ['an OP that is broken', server('server_error'), 'op-unavailable', 'server_error'],
    [
      'an OP that is not there',
      new ClientAuthError('network_error', 'correlation-1'),
      'op-unavailable',
      'network_error',
    ],
    ['a wrong credential', server('invalid_client'), 'op-refused', 'invalid_client'],
    ['a scope that is not allowed', server('invalid_scope'), 'op-refused', 'invalid_scope'],
    ['what nobody has heard of', server('new_error'), 'op-refused', 'new_error'],
    ['a text in place of a code', server(SECRET, SECRET), 'op-refused', 'unknown/unknown'],
  ] as const)('by %s is named by its code alone', (_, error, outcome, reason) => {
    expect(tokenFailure(error)).toEqual({ outcome, reason });
  });

  it('never carries the text, which may repeat tokens and names', () => {
    for (const error of [server('invalid_grant'), interaction('consent_required')]) {
      expect(JSON.stringify(tokenFailure(error))).not.toContain('AADSTS');
    }
  });

  it('is what it is where MSAL could not reach the network', () => {
    expect(tokenFailure(new ClientAuthError('network_error', 'correlation-1'))).toMatchObject({
      outcome: 'op-unavailable',
    });
  });

  it.each(['nonce_mismatch', 'token_parsing_error', 'null_or_empty_token'])(
    'is none of the OP where MSAL itself does not take the ID token of a code: %s',
    (code) => {
      const error = new ClientAuthError(code, 'correlation-1');
      expect(codeFailure(error)).toEqual({ outcome: 'id-token-refused', reason: code });
      expect(codeFailure(server(code))).toEqual({ outcome: 'op-refused', reason: code });
    },
  );

  it('is otherwise the same for a code', () => {
    expect(codeFailure(server('invalid_grant'))).toEqual(tokenFailure(server('invalid_grant')));
  });

  it('is not made of a bug, which is thrown on', () => {
    const bug = new TypeError('undefined is not a function');
    expect(() => tokenFailure(bug)).toThrow(bug);
  });
});
