import { describe, expect, it } from '@jest/globals';
import { claimsJson, mergeClaimsRequests, parseClaimsRequest } from '../../../shared/oidc/claims-request.ts';

const ACRS = { access_token: { acrs: { essential: true, value: 'c1' } } };
const NBF = { access_token: { nbf: { essential: true, value: '1604106651' } } };

describe('a claims request (OpenID Connect Core 1.0 section 5.5)', () => {
  it.each<[string, object]>([
    ['an authentication context', ACRS],
    ['a time, as continuous access evaluation asks', NBF],
    ['several values', { id_token: { acr: { values: ['a', 'b'] } } }],
    ['a claim as such', { userinfo: { email: null } }],
    ['numbers and words', { id_token: { a: { value: 1 }, b: { value: true } } }],
  ])('is read: %s', (_what, request) => {
    expect(parseClaimsRequest(JSON.stringify(request))).toEqual(request);
  });

  it('is read without what is not understood', () => {
    const json = '{"other":{"a":null},"id_token":null,"access_token":{"acrs":{"value":"c1","more":[1]}},"userinfo":{}}';
    expect(parseClaimsRequest(json)).toEqual({ access_token: { acrs: { value: 'c1' } } });
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['null', 'null'],
    ['nothing', '{}'],
    ['nothing that is understood', '{"other":{"a":null}}'],
    ['a member that is no object', '{"access_token":"acrs"}'],
    ['a claim that is no object', '{"access_token":{"acrs":"c1"}}'],
    ['a value that is an object', '{"access_token":{"acrs":{"value":{"a":1}}}}'],
    ['values that are none', '{"access_token":{"acrs":{"values":"c1"}}}'],
    ['essential that is neither', '{"access_token":{"acrs":{"essential":"yes"}}}'],
    [
      'more claims than anybody asks for',
      JSON.stringify({ id_token: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`c${at}`, null])) }),
    ],
    ['more than an address holds', JSON.stringify({ id_token: { a: { value: '"'.repeat(400) } } })],
  ])('is none: %s', (_what, json) => {
    expect(parseClaimsRequest(json)).toBeNull();
  });

  it('gets no claim out of a prototype', () => {
    expect(claimsJson(parseClaimsRequest('{"access_token":{"__proto__":{"value":"x"}}}') ?? {})).toBe(
      '{"access_token":{"__proto__":{"value":"x"}}}',
    );
    expect(parseClaimsRequest('{"__proto__":{"access_token":{"acrs":null}}}')).toBeNull();
  });

  it('is sent in ASCII', () => {
    const request = { id_token: { a: { value: 'ö€😀' } } };
    expect(claimsJson(request)).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(claimsJson(request))).toEqual(request);
  });

  it('and another are asked for together, the second’s word for a claim counting', () => {
    expect(mergeClaimsRequests(ACRS, NBF)).toEqual({ access_token: { ...ACRS.access_token, ...NBF.access_token } });
    expect(
      mergeClaimsRequests({ ...ACRS, id_token: { acr: null } }, { access_token: { acrs: { value: 'c2' } } }),
    ).toEqual({
      id_token: { acr: null },
      access_token: { acrs: { value: 'c2' } },
    });
    expect(mergeClaimsRequests(null, ACRS)).toEqual(ACRS);
    expect(mergeClaimsRequests(ACRS, null)).toEqual(ACRS);
    expect(mergeClaimsRequests(null, null)).toBeNull();
  });
});
