import { describe, expect, it } from '@jest/globals';
import { parseSigninWishes } from '../../../shared/signin/signin-wishes.ts';
import { downstreamApi } from '../../support/downstream-api.ts';

const GRAPH = downstreamApi({
  stepUp: [{ routes: [], acrs: ['c1', 'c2'], maxAgeSeconds: null }],
});
const parse = (query: string) => parseSigninWishes(new URLSearchParams(query), new Map([['graph', GRAPH]]));

describe('what a sign-in link asks for', () => {
  it('is the start page and nothing else where it says nothing', () => {
    expect(parse('')).toEqual({
      returnTo: '/',
      hints: { prompt: null, loginHint: null, domainHint: null, claims: null },
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
      api: 'graph',
    });
  });

  it('is a proof beyond who it is, where it names one', () => {
    const stepUpOf = (query: string) => parse(query).valueOf() as { stepUp?: object };
    expect(stepUpOf('acrs=c1').stepUp).toEqual({ acrs: ['c1'], maxAgeSeconds: null });
    expect(stepUpOf('acrs=c2+c1+c2&maxAge=300').stepUp).toEqual({ acrs: ['c2', 'c1'], maxAgeSeconds: 300 });
    expect(stepUpOf('maxAge=0').stepUp).toEqual({ acrs: [], maxAgeSeconds: 0 });
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
    ['a context that no API here asks for', 'acrs=c3'],
    ['one such context among others', 'acrs=c1%20c3'],
    ['a context in another case', 'acrs=C1'],
    ['two spaces between contexts', 'acrs=c1%20%20c2'],
    ['contexts twice', 'acrs=c1&acrs=c2'],
    ['huge contexts', `acrs=${'c1+'.repeat(200)}c1`],
    ['an age twice', 'maxAge=1&maxAge=2'],
    ['a negative age', 'maxAge=-1'],
    ['half an age', 'maxAge=1.5'],
    ['an age in another form', 'maxAge=1e3'],
    ['an age of years', 'maxAge=99999999'],
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
