import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { claimsChallenge } from '../../shared/gateway/claims-challenge.ts';
import { stepUpChallenge, unmetChallenge } from '../../shared/gateway/step-up-challenge.ts';
import { parseWwwAuthenticate } from '../../shared/http/www-authenticate.ts';
import { claimsJson, parseClaimsRequest } from '../../shared/oidc/claims-request.ts';
import { signInFor } from '../../shared/signin/sign-in-path.ts';
import { parseSigninWishes } from '../../shared/signin/signin-wishes.ts';
import { downstreamApi } from '../support/downstream-api.ts';
import { anyText } from './support/arbitraries.ts';

const MANY = { numRuns: 1_000 };

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~\w-]{1,12}$/);
const text = fc.stringMatching(/^[\t \x21-\x7e]{0,20}$/);
const space = fc.constantFrom('', ' ', '\t', '  ');
const comma = fc.constantFrom(',', ', ', ' ,', ',,', ' , , ');
const quoted = (value: string) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`;

const parameters = fc.uniqueArray(
  fc.tuple(
    token.map((name) => name.toLowerCase()),
    text,
  ),
  {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: 4,
  },
);
const challenge = fc.oneof(
  fc.record({ scheme: token, token68: fc.constant(null), parameters }),
  fc.record({ scheme: token, token68: fc.constant(null), parameters: fc.constant([]) }),
  fc.record({ scheme: token, token68: fc.stringMatching(/^[\w.~+/-]{1,12}={0,2}$/), parameters: fc.constant([]) }),
);

describe('challenges', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 5 }), comma, space, (challenges, between, blank) => {
        const field = challenges.map(({ scheme, token68, parameters: named }) => {
          const list = named.map(([name, value]) => `${name}${blank}=${blank}${quoted(value)}`);
          return [scheme, token68 ?? list.join(between)].filter(Boolean).join(' ');
        });
        const read = parseWwwAuthenticate(field.join(between));
        expect(read.map((each) => ({ ...each, parameters: [...each.parameters] }))).toEqual(
          challenges.map((each) => ({ ...each, scheme: each.scheme.toLowerCase() })),
        );
      }),
      MANY,
    );
  });

  it('for another sign-in lead, whatever they ask for, to one that asks for it and for nothing unknown, or nowhere', () => {
    const api = downstreamApi({ stepUp: [{ routes: [], acrs: ['c1', 'urn:a:b'], maxAgeSeconds: null }] });
    const acrs = fc.array(fc.oneof(fc.constantFrom('c1', 'urn:a:b', 'C1', ''), text), { maxLength: 4 });
    const age = fc.oneof(fc.maxSafeInteger().map(String), fc.integer({ min: 0, max: 90_000 }).map(String), text);
    const asked = fc.record({ acr_values: acrs.map((each) => each.join(' ')), max_age: age }, { requiredKeys: [] });
    fc.assert(
      fc.property(asked, (named) => {
        const list = Object.entries(named).map(([name, value]) => `, ${name}=${quoted(value)}`);
        const field = `Bearer error="insufficient_user_authentication"${list.join('')}`;
        const read = stepUpChallenge(field, new Set(api.stepUp[0]?.acrs));
        const unmet = read && unmetChallenge(read, {}, Date.now());
        if (unmet === null) return;
        const { searchParams } = new URL(signInFor(api.name, unmet), 'https://app.example');
        expect(parseSigninWishes(searchParams, new Map([[api.name, api]]))).toMatchObject({ stepUp: unmet.stepUp });
      }),
      MANY,
    );
  });

  const piece = fc.oneof(
    fc.constantFrom('Bearer', ' ', ',', '=', '"', '\\', 'error', 'insufficient_claims', 'claims', '{', '}', 'e30='),
    anyText(6),
  );
  const hostile = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

  it('of any text at all are found or not, and nothing else happens', () => {
    fc.assert(
      fc.property(hostile, (field) => {
        for (const { scheme, parameters: named } of parseWwwAuthenticate(field)) {
          expect(scheme).toMatch(/^[!#$%&'*+.^_`|~\w-]+$/);
          for (const [name, value] of named) {
            expect(name).toMatch(/^[!#$%&'*+.^_`|~\w-]+$/);
            expect(value).toMatch(/^[\t \x21-\x7e\x80-\xff]*$/);
          }
        }
        claimsChallenge(field);
      }),
      MANY,
    );
  });
});

describe('a claims request', () => {
  it('of any JSON at all is none, or one that reads the same once it was sent', () => {
    const near = fc.record(
      {
        access_token: fc.dictionary(
          anyText(6),
          fc.oneof(fc.constant(null), fc.record({ essential: fc.boolean(), value: anyText(6) }, { requiredKeys: [] })),
        ),
        id_token: fc.jsonValue({ maxDepth: 2 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(near, fc.jsonValue()), (value) => {
        const request = parseClaimsRequest(JSON.stringify(value));
        if (request === null) return;
        const json = claimsJson(request);
        expect(parseClaimsRequest(json)).toEqual(request);
        expect(encodeURIComponent(json).length).toBeLessThanOrEqual(2_048);
      }),
      MANY,
    );
  });
});
