import fc from 'fast-check';
import type { Envelope, EnvelopeClass } from './door.ts';
import type { Sent } from './ground.ts';
import { word } from './hostile-token.ts';

const FORM = 'application/x-www-form-urlencoded';

/** A token as a form's parameter, as the door expects it. */
export const formOf = (path: string, parameter: string, token: string): Sent => ({
  method: 'POST',
  target: path,
  headers: { 'content-type': FORM },
  body: new URLSearchParams({ [parameter]: token }).toString(),
});

const WRONG_TYPES = [
  '',
  'application/json',
  'application/jwt',
  'application/logout+jwt',
  'multipart/form-data; boundary=x',
  'text/plain',
  'text/html',
  'application/x-www-form-urlencodedx',
  'application/x-www-form-urlencoded2; charset=utf-8',
  'application/octet-stream',
  'application/x-www-form-urlencoded, application/json',
];

/** The wrong requests around a good token, for a door that takes it as a form's parameter. */
export function formEnvelopes(path: string, parameter: string): Record<EnvelopeClass, fc.Arbitrary<Envelope>> {
  const encoded = encodeURIComponent(parameter);
  const form = (body: string, target = path): Sent => ({ ...formOf(path, parameter, ''), target, body });
  return {
    'duplicate parameters': fc
      .record({
        other: fc.option(word),
        first: fc.boolean(),
        among: fc.array(word, { maxLength: 3 }),
        escaped: fc.boolean(),
      })
      .map(({ other, first, among, escaped }) => ({
        what: `the other ${other === null ? 'the same' : other}, ${first ? 'first' : 'last'}`,
        wrap(token) {
          const name = escaped ? `%${encoded.charCodeAt(0).toString(16)}${encoded.slice(1)}` : encoded;
          const good = `${encoded}=${token}`;
          const more = [...among.map((one) => `${one}=1`), `${name}=${other ?? token}`];
          return form((first ? [...more, good] : [good, ...more]).join('&'));
        },
      })),
    'wrong content type': fc
      .record({ type: fc.oneof(fc.constantFrom(...WRONG_TYPES), word), asJson: fc.boolean() })
      .map(({ type, asJson }) => ({
        what: `content type ${type}`,
        wrap(token) {
          const body = asJson ? JSON.stringify({ [parameter]: token }) : `${encoded}=${token}`;
          return { ...form(body), headers: type === '' ? {} : { 'content-type': type } };
        },
      })),
    'form with both': fc
      .record({ inQuery: fc.option(word), inForm: fc.boolean(), more: word })
      .map(({ inQuery, inForm, more }) => ({
        what: `in the query ${inQuery ?? 'the good one'}, in the form ${inForm ? 'the good one' : 'none'}`,
        wrap(token) {
          const target = `${path}?${more}=1&${encoded}=${inQuery ?? token}`;
          return form(inForm ? `${encoded}=${token}` : `${more}=1`, target);
        },
      })),
  };
}
