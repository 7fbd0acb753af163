import { describe, expect, it } from '@jest/globals';
import { parseSigninWishes } from '../../../shared/signin/signin-wishes.ts';
import { downstreamApi } from '../../support/downstream-api.ts';

const GRAPH = downstreamApi();
const parse = (query: string) => parseSigninWishes(new URLSearchParams(query), new Map([['graph', GRAPH]]));

describe('what a sign-in link asks for', () => {
  it('is the start page and nothing else where it says nothing', () => {
    expect(parse('')).toEqual({
      returnTo: '/',
      hints: { prompt: null, loginHint: null, domainHint: null, claims: null },
      apiScopes: [],
    });
  });

  it('is passed on, each parameter as what it may be', () => {
    const claims = '{"access_token":{"nbf":{"essential":true}}}';
    const query = new URLSearchParams({
      returnTo: '/orders',
      prompt: 'select_account',
      loginHint: 'alice@contoso.example',
      domainHint: 'contoso.example',
      api: 'graph',
      claims,
    });
    expect(parse(query.toString())).toEqual({
      returnTo: '/orders',
      hints: {
        prompt: 'select_account',
        loginHint: 'alice@contoso.example',
        domainHint: 'contoso.example',
        claims,
      },
      apiScopes: ['User.Read'],
    });
  });

  it('ignores parameters that it does not know: no scope, no redirect_uri, no client_id gets through', () => {
    expect(parse('scope=Everything&redirect_uri=https://evil.example&client_id=x')).toEqual(parse(''));
  });

  it.each(['login', 'select_account', 'consent', 'none', 'create'])('knows the prompt %s', (prompt) => {
    expect(parse(`prompt=${prompt}`)).toMatchObject({ hints: { prompt } });
  });

  it.each([
    ['an unknown prompt', 'prompt=anything'],
    ['two prompts in one', 'prompt=login%20consent'],
    ['a prompt that came twice', 'prompt=login&prompt=consent'],
    ['a hint that came twice', 'loginHint=a&loginHint=b'],
    ['a huge hint', `loginHint=${'a'.repeat(513)}`],
    ['a huge domain', `domainHint=${'a'.repeat(513)}`],
    ['an unknown API', 'api=mail'],
    ['an API named like a property of every object', 'api=__proto__'],
    ['claims that are no JSON', 'claims=%7B'],
    ['claims that are a list', 'claims=%5B%5D'],
    ['claims that are null', 'claims=null'],
    ['claims of no claims request', 'claims=%7B%22access_token%22:%22acrs%22%7D'],
    ['claims that ask for nothing', 'claims=%7B%22a%22:null%7D'],
    ['huge claims', `claims=%7B%22a%22:%22${'a'.repeat(2_048)}%22%7D`],
  ])('is refused with %s', (_, query) => {
    expect(parse(query)).toBe('signin_parameter_invalid');
  });

  it.each([
    ['of another site', 'returnTo=//evil.example'],
    ['that is encoded twice', 'returnTo=/%252fevil.example'],
    ['that came twice', 'returnTo=/a&returnTo=/b'],
    ['that is empty', 'returnTo='],
  ])('is refused with a return address %s', (_, query) => {
    expect(parse(query)).toBe('return_to_invalid');
  });
});
