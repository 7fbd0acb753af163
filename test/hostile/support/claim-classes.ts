import fc from 'fast-check';
import { signParts, type TokenParts } from './forge.ts';
import { type Cases, ownKey, withClaims, word } from './hostile-token.ts';

const YEAR_SECONDS = 365 * 24 * 3_600;
/** Clocks may differ by two seconds, and a test's token is made in one. */
const BEYOND_SKEW_SECONDS = 3;

interface Near {
  readonly what: string;
  of(right: string): unknown;
}

/** Values that are not the right one, most of them nearly. */
const NEAR: readonly Near[] = [
  { what: 'a blank after', of: (right) => `${right} ` },
  { what: 'a blank before', of: (right) => ` ${right}` },
  { what: 'a slash after', of: (right) => `${right}/` },
  { what: 'a character less', of: (right) => right.slice(0, -1) },
  { what: 'a zero byte after', of: (right) => `${right}\0` },
  { what: 'capitals', of: (right) => right.toUpperCase() },
  { what: 'in a list of a list', of: (right) => [[right]] },
  { what: 'as a member', of: (right) => ({ [right]: right }) },
  { what: 'parts joined', of: (right) => `${right},${right}` },
];
const NEVER: readonly Near[] = ['', null, 0, 1, true, [], {}, undefined].map((value) => ({
  what: JSON.stringify(value) ?? 'missing',
  of: () => value,
}));

const wrongText = (claim: string, near: fc.Arbitrary<Near>): Cases =>
  fc.record({ signer: ownKey, near }).map(({ signer, near: { what, of } }) => ({
    what: `${claim}: ${what}, ${signer.alg}`,
    forge: (good) => signParts(withClaims(good, { [claim]: of(String(good.claims[claim])) }), signer),
  }));

const anyOther: fc.Arbitrary<Near> = word.map((other) => ({ what: other, of: () => other }));

export const wrongAudience: Cases = wrongText(
  'aud',
  fc.oneof(
    fc.constantFrom(...NEAR, ...NEVER),
    anyOther,
    fc.array(word, { maxLength: 4 }).map((others) => ({ what: `${others}`, of: () => others })),
  ),
);

/** @param foreign issuers that look like the door's own */
export const wrongIssuer = (foreign: readonly string[]): Cases =>
  wrongText(
    'iss',
    fc.oneof(
      fc.constantFrom(...foreign).map((iss) => ({ what: iss, of: () => iss })),
      fc.constantFrom(...NEAR.filter(({ what }) => what !== 'capitals'), ...NEVER),
      anyOther,
      word.map((host) => ({
        what: `at ${host}`,
        of: (right: string) => right.replace(/^https:\/\/[^/]*/, `https://${host}.example`),
      })),
      fc.constant({ what: 'in a list', of: (right: string) => [right] }),
    ),
  );

const forgeTimes = (changes: (now: number) => TokenParts['claims']) => (good: TokenParts) =>
  withClaims(good, changes(Number(good.claims.iat)));

/** @param mayLackExp whether a token that has no `exp` passes */
export const stale = (mayLackExp: boolean): Cases =>
  fc.oneof(
    fc
      .record({
        signer: ownKey,
        ago: fc.integer({ min: BEYOND_SKEW_SECONDS, max: 40 * YEAR_SECONDS }),
        life: fc.nat(600),
      })
      .map(({ signer, ago, life }) => ({
        what: `expired ${ago} s ago`,
        forge: (good: TokenParts) =>
          signParts(
            forgeTimes((now) => ({ iat: now - ago - life, nbf: now - ago - life, exp: now - ago }))(good),
            signer,
          ),
      })),
    fc
      .record({
        signer: ownKey,
        exp: fc.constantFrom<unknown>(...(mayLackExp ? [] : [undefined]), null, '9999999999', [], {}, true, 0, -1),
      })
      .map(({ signer, exp }) => ({
        what: `exp ${JSON.stringify(exp)}, ${signer.alg}`,
        forge: (good: TokenParts) => signParts(withClaims(good, { exp }), signer),
      })),
  );

export const future: Cases = fc
  .record({
    signer: ownKey,
    ahead: fc.integer({ min: BEYOND_SKEW_SECONDS, max: 1_000 * YEAR_SECONDS }),
    claim: fc.constantFrom('iat', 'nbf'),
  })
  .map(({ signer, ahead, claim }) => ({
    what: `${claim} in ${ahead} s`,
    forge: (good) => signParts(forgeTimes((now) => ({ [claim]: now + ahead, exp: now + ahead + 300 }))(good), signer),
  }));
