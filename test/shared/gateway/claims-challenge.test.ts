import { describe, expect, it } from '@jest/globals';
import { claimsChallenge } from '../../../shared/gateway/claims-challenge.ts';

const REQUEST = { access_token: { nbf: { essential: true, value: '1604106651' } } };
const JSON_TEXT = JSON.stringify(REQUEST);
const BASE64 = Buffer.from(JSON_TEXT).toString('base64');
const bearer = (claims: string, error = 'insufficient_claims') =>
  `Bearer realm="", authorization_uri="https://login.example/authorize", error="${error}", claims="${claims}"`;
/** `{"id_token":{"a":{"value":"???>>>"}}}` has both letters in which the two alphabets differ. */
const ODD = { id_token: { a: { value: '???>>>~~' } } };

describe('a claims challenge of an API', () => {
  it.each<[string, string | string[], object]>([
    ['base64', bearer(BASE64), REQUEST],
    ['base64 without padding', bearer(BASE64.replace(/=+$/, '')), REQUEST],
    ['base64url', bearer(Buffer.from(JSON.stringify(ODD)).toString('base64url')), ODD],
    ['base64 with + and /', bearer(Buffer.from(JSON.stringify(ODD)).toString('base64')), ODD],
    ['base64 as a token', `Bearer error=insufficient_claims, claims=${BASE64.replace(/=+$/, '')}`, REQUEST],
    ['quoted JSON', bearer(JSON_TEXT.replaceAll('"', '\\"')), REQUEST],
    ['behind another scheme', `Negotiate, ${bearer(BASE64)}`, REQUEST],
    ['in a field of its own', ['Negotiate', bearer(BASE64)], REQUEST],
    ['behind a bearer that says nothing', ['Bearer error="invalid_token"', bearer(BASE64)], REQUEST],
  ])('is understood: %s', (_what, header, expected) => {
    expect(claimsChallenge(header)).toEqual(expected);
  });

  it.each<[string, string | undefined]>([
    ['no header', undefined],
    ['another error', bearer(BASE64, 'invalid_token')],
    ['no claims', 'Bearer error="insufficient_claims"'],
    ['empty claims', bearer('')],
    ['another scheme', bearer(BASE64).replace('Bearer', 'Basic')],
    ['base64 of no JSON', bearer(Buffer.from('no').toString('base64'))],
    ['base64 of a list', bearer(Buffer.from('[]').toString('base64'))],
    ['base64 of what is no UTF-8', bearer(Buffer.from([0x7b, 0xff, 0x7d]).toString('base64'))],
    [
      'base64 of JSON whose texts are no UTF-8',
      bearer(Buffer.from('{"id_token":{"a":{"value":"\xff"}}}', 'latin1').toString('base64')),
    ],
    ['neither', bearer('not base64!')],
    ['JSON twice encoded', bearer(Buffer.from(BASE64).toString('base64'))],
    ['more than anybody reads', bearer('A'.repeat(8 * 1024 + 4))],
  ])('is none: %s', (_what, header) => {
    expect(claimsChallenge(header)).toBeNull();
  });
});
