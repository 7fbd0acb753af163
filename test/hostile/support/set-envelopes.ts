import fc from 'fast-check';
import type { Envelope, EnvelopeClass } from './door.ts';
import type { Sent } from './ground.ts';
import { word } from './hostile-token.ts';

const WRONG_TYPES = [
  '',
  'application/jwt',
  'application/json',
  'application/logout+jwt',
  'application/secevent',
  'application/secevent+jwtx',
  'secevent+jwt',
  'application/secevent+jwt, application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
];
const BETWEEN = ['\n', '\r\n', ',', ' ', '&', '.', '\0', '~', ''];

/** The wrong requests around a good token, for a door whose request is the token. */
export function setEnvelopes(wrap: (token: string) => Sent): Record<EnvelopeClass, fc.Arbitrary<Envelope>> {
  const withType = (type: string, body: string, target = wrap('').target): Sent => {
    const { 'content-type': _, ...others } = wrap('').headers;
    return { ...wrap(body), target, headers: type === '' ? others : { ...others, 'content-type': type } };
  };
  return {
    'duplicate parameters': fc
      .record({ between: fc.constantFrom(...BETWEEN), other: fc.option(word), first: fc.boolean() })
      .map(({ between, other, first }) => ({
        what: `two tokens, ${JSON.stringify(between)} between, the other ${other ?? 'the same'}`,
        wrap(token) {
          const [one, two] = first ? [other ?? token, token] : [token, other ?? token];
          return wrap(`${one}${between}${two}${between === '' ? '.' : ''}`);
        },
      })),
    'wrong content type': fc
      .record({ type: fc.oneof(fc.constantFrom(...WRONG_TYPES), word), asJson: fc.boolean() })
      .map(({ type, asJson }) => ({
        what: `content type ${type}`,
        wrap: (token) => withType(type, asJson ? JSON.stringify({ set: token }) : token),
      })),
    'form with both': fc
      .record({
        name: fc.oneof(fc.constantFrom('SET', 'token', 'jwt'), word),
        asForm: fc.boolean(),
        inForm: fc.boolean(),
      })
      .map(({ name, asForm, inForm }) => ({
        what: `as ${name} in the query, and ${inForm ? 'the good one' : 'none'} in a form${asForm ? '' : ' that is not said to be one'}`,
        wrap(token) {
          const type = asForm ? 'application/x-www-form-urlencoded' : 'application/secevent+jwt';
          return withType(type, `${name}=${inForm ? token : ''}`, `${wrap('').target}?${name}=${token}`);
        },
      })),
  };
}
