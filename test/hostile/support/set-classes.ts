import fc from 'fast-check';
import { CAEP, RISC, SSF } from '../../support/transmitter.ts';
import type { TokenClass, TokenScene } from './door.ts';
import { signParts, type TokenParts } from './forge.ts';
import type { Sent } from './ground.ts';
import { type Cases, ownKey, withClaims, word } from './hostile-token.ts';
import { foreignSubjects, malformedSubjects, type Names, unknownSubjects } from './set-subjects.ts';
import type { Attack, AttackClass } from './siege.ts';
import { aroundGood, withToken } from './token-siege.ts';

const YEAR_SECONDS = 365 * 24 * 3_600;
/** Clocks of transmitters may be a minute ahead. */
const AHEAD_SECONDS_MIN = 62;
/** Clocks are allowed to differ by two seconds, and the victim may have signed in so long ago. */
const AGO_SECONDS_MIN = 4;

const signed = (changes: fc.Arbitrary<(good: TokenParts['claims']) => TokenParts['claims']>): Cases =>
  fc.record({ signer: ownKey, change: changes, beside: word }).map(({ signer, change, beside }) => ({
    what: `${JSON.stringify(change({ iat: 0 }))}, ${signer.alg}`,
    forge: (good) => signParts(withClaims(good, { beside, ...change(good.claims) }), signer),
  }));

const timed =
  (type: string, times: (iat: number) => { iat?: number; toe?: number; event?: number }) =>
  (good: TokenParts['claims']): TokenParts['claims'] => {
    const { event, ...rest } = times(Number(good.iat));
    return { ...rest, events: { [`${CAEP}${type}`]: event === undefined ? {} : { event_timestamp: event } } };
  };

/** What a SET says by its times, in place of what other tokens say by `exp`: a SET must have none. */
export function staleEvents(): Partial<Record<TokenClass, Cases>> {
  const type = fc.constantFrom('session-revoked', 'credential-change');
  return {
    stale: signed(
      fc
        .record({ ago: fc.integer({ min: AGO_SECONDS_MIN, max: 40 * YEAR_SECONDS }), type, which: fc.nat(3) })
        .map(({ ago, type, which }) =>
          timed(
            type,
            (iat) =>
              [{ iat: iat - ago }, { toe: iat - ago }, { event: iat - ago }, { iat, event: (iat - ago) * 1_000 }][
                which
              ] ?? {},
          ),
        ),
    ),
    future: signed(
      fc
        .record({ ahead: fc.integer({ min: AHEAD_SECONDS_MIN, max: 1_000 * YEAR_SECONDS }), type, nbf: fc.boolean() })
        .map(({ ahead, nbf }) => ({ iat }) => ({ [nbf ? 'nbf' : 'iat']: Number(iat) + ahead })),
    ),
  };
}

/** What only a security event can hold. */
export function setClasses(
  wrap: (token: string) => Sent,
  names: Names & { readonly agreed: string },
): Record<string, AttackClass<TokenScene>> {
  const tokens = (cases: Cases) => cases.map((one) => withToken({ wrap }, one));
  return {
    'an exp or a sub': { status: 400, cases: tokens(signed(otherKindsClaims(names))) },
    'events or jti of another form': { status: 400, cases: tokens(signed(brokenClaims)) },
    'an event that ends nothing': { status: 202, cases: tokens(signed(harmlessEvents)) },
    'a subject of an unknown format': { status: 202, cases: tokens(signed(unknownSubjects(names))) },
    'a malformed subject': { status: 400, cases: tokens(signed(malformedSubjects(names))) },
    'a subject of another OP': { status: 202, cases: tokens(signed(foreignSubjects(names))) },
    'wrong Authorization': { status: 400, bodyBytesMax: 0, cases: authorizations(wrap, names) },
  };
}

/** They keep ID tokens, access tokens and logout tokens from being passed off as a SET. */
const otherKindsClaims = ({ sub }: Names) =>
  fc.oneof(
    fc.integer({ min: 1, max: YEAR_SECONDS }).map((life) => ({ iat }: TokenParts['claims']) => ({
      exp: Number(iat) + life,
    })),
    fc.constantFrom<unknown>(sub, '', null, 0, [], {}).map((value) => () => ({ sub: value })),
    word.map((value) => () => ({ sub: value })),
  );

const TYPES = [`${CAEP}session-revoked`, `${RISC}sessions-revoked`];
const brokenClaims = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, [], {}, '', 1, TYPES[0], [TYPES[0]]).map((events) => () => ({ events })),
  fc
    .tuple(fc.constantFrom(...TYPES), fc.constantFrom<unknown>(null, '', 1, true, 'revoked'))
    .map(([type, payload]) => () => ({ events: { [type]: payload } })),
  fc.constantFrom<unknown>(undefined, null, '', 0, [], {}, ['jti']).map((jti) => () => ({ jti })),
  fc.constantFrom<unknown>(null, '', 'now', [], -1, {}).map((iat) => () => ({ iat })),
  fc.constantFrom<unknown>('soon', [], {}, -1, null).map((toe) => () => ({ toe })),
  fc
    .constantFrom<unknown>('soon', [], {}, -1, true)
    .map((event_timestamp) => () => ({ events: { [TYPES[0] ?? '']: { event_timestamp } } })),
);

const harmlessEvents = fc
  .oneof(
    word.map((type) => ({ [`${CAEP}${type}`]: {} })),
    word.map((type) => ({ [type]: {}, [`${TYPES[0]}-${type}`]: {} })),
    fc.constantFrom<TokenParts['claims']>(
      { [`${CAEP}Session-Revoked`]: {} },
      { [`${CAEP}session-revoked/`]: {} },
      { [`http${TYPES[0]?.slice('https'.length)}`]: {} },
      { [`${CAEP}credential-change`]: { change_type: 'create' } },
      { [`${SSF}verification`]: { state: 'a-state-of-the-stream' } },
      { [`${SSF}stream-updated`]: { status: 'paused' } },
      { [`${RISC}account-enabled`]: {} },
    ),
  )
  .map((events) => () => ({ events }));

function authorizations(
  wrap: (token: string) => Sent,
  { agreed }: { readonly agreed: string },
): fc.Arbitrary<Attack<TokenScene>> {
  const near = [
    agreed.toLowerCase(),
    `${agreed}x`,
    agreed.slice(0, -1),
    agreed.replace('Bearer ', ''),
    `${agreed}, ${agreed}`,
  ];
  return fc
    .oneof(
      fc.constantFrom(null, '', ...near),
      fc.nat(agreed.length - 1).map((at) => agreed.slice(0, at)),
      fc.nat(agreed.length - 1).map((at) => `${agreed.slice(0, at)}~${agreed.slice(at + 1)}`),
      word.map((other) => `Bearer ${other}`),
      word.map((other) => `${agreed}, ${other}`),
    )
    .map((authorization) =>
      aroundGood({
        what: `authorization ${authorization}`,
        wrap(token) {
          const { authorization: _, ...others } = wrap(token).headers;
          return { ...wrap(token), headers: authorization === null ? others : { ...others, authorization } };
        },
      }),
    );
}
