import { describe, expect, it } from '@jest/globals';
import { parseWwwAuthenticate } from '../../../shared/http/www-authenticate.ts';

const parse = (field: string | readonly string[] | undefined) =>
  parseWwwAuthenticate(field).map(({ scheme, token68, parameters }) => [
    scheme,
    token68 ?? Object.fromEntries(parameters),
  ]);

describe('the challenges of a WWW-Authenticate (RFC 9110 section 11.6.1)', () => {
  it.each<[string, string | readonly string[] | undefined, unknown[]]>([
    ['none', undefined, []],
    ['an empty field', '', []],
    ['commas alone', ' , ,, ', []],
    ['a scheme alone', 'Negotiate', [['negotiate', {}]]],
    ['token68', 'Negotiate YII+a/b~c._-==', [['negotiate', 'YII+a/b~c._-==']]],
    ['parameters', 'Bearer error=invalid_token, realm="a b"', [['bearer', { error: 'invalid_token', realm: 'a b' }]]],
    ['names and schemes in any case', 'BEARER Realm=""', [['bearer', { realm: '' }]]],
    ['spaces around =', 'Bearer realm = "x" , a\t=\tb', [['bearer', { realm: 'x', a: 'b' }]]],
    ['escapes', String.raw`Bearer a="say \"no\", \\ and = \c"`, [['bearer', { a: 'say "no", \\ and = c' }]]],
    ['commas to spare', ', Bearer a=b,, c=d ,', [['bearer', { a: 'b', c: 'd' }]]],
    ['bytes past ASCII', 'Bearer a="\u00fc"', [['bearer', { a: '\u00fc' }]]],
    [
      'several in a field (the example of the RFC)',
      'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
      [
        ['basic', { realm: 'simple' }],
        ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
      ],
    ],
    [
      'a scheme alone before and behind',
      'Negotiate, Bearer a=b, NTLM',
      [
        ['negotiate', {}],
        ['bearer', { a: 'b' }],
        ['ntlm', {}],
      ],
    ],
    [
      'token68 behind parameters',
      'Bearer a=b, Negotiate abc==, Basic c=d',
      [
        ['bearer', { a: 'b' }],
        ['negotiate', 'abc=='],
        ['basic', { c: 'd' }],
      ],
    ],
    [
      'several fields',
      ['Negotiate', 'Bearer a=b'],
      [
        ['negotiate', {}],
        ['bearer', { a: 'b' }],
      ],
    ],
  ])('are read: %s', (_what, field, expected) => {
    expect(parse(field)).toEqual(expected);
  });

  it.each([
    ['a quote that never ends', 'Bearer a="b'],
    ['an escape of nothing', 'Bearer a="b\\"'],
    ['a quote within a token', 'Bearer a=b"c"'],
    ['a name that comes twice', 'Bearer error=a, ERROR=b'],
    ['a parameter without a value', 'Bearer a='.concat(', b=c')],
    ['a parameter before any scheme', 'a="b"'],
    ['parameters without a comma', 'Bearer a=b c=d'],
    ['token68 with parameters', 'Bearer abc a=b'],
    ['a control character', 'Bearer a="\u0001"'],
    ['a line break', 'Bearer a="b\r\nSet-Cookie: c=d"'],
    ['a character that is no byte', 'Bearer a="\u20ac"'],
    ['something good behind something bad', '"x", Bearer a=b'],
    ['more than anybody reads', `Bearer a="${'b'.repeat(16 * 1024)}"`],
    ['more challenges than anybody makes', 'a,'.repeat(33)],
  ])('say nothing where the field breaks the grammar: %s', (_what, field) => {
    expect(parse(field)).toEqual([]);
  });

  it('of a field that breaks the grammar take nothing from another field', () => {
    expect(parse(['Bearer a="', 'Bearer a=b'])).toEqual([['bearer', { a: 'b' }]]);
  });

  it.each([
    'a'.repeat(16_000),
    'a='.repeat(8_000),
    ','.repeat(16_000),
    `a b="${'\\"'.repeat(7_000)}`,
    ' '.repeat(16_000),
  ])('are looked for in one pass, whatever the text', (field) => {
    // One that tried again and again would not come back within the test's time.
    for (let times = 0; times < 20; times += 1) expect(parse(field).length).toBeLessThanOrEqual(32);
  });
});
