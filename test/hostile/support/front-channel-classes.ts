import fc from 'fast-check';
import { ISSUER } from '../../support/store.ts';
import { headersParameter } from './edge-classes.ts';
import type { Sent } from './ground.ts';
import { word } from './hostile-token.ts';
import { type AttackClass, DONE_AGAIN_CALLS_MAX, type Scene } from './siege.ts';
import { telling } from './telling.ts';

export const SID = '7d4bb7a4-0c5e-4f0c-9d3a-5f6b8a1c2e3d';
const GOOD = `sid=${SID}`;

/** Where nobody can know that such a session is not about to be, a tombstone is written. */
const UNKNOWN = { status: 200, keeps: 'accounts', storageCallsMax: DONE_AGAIN_CALLS_MAX } as const;
const NOBODY = { status: 200 } as const;
const FOREIGN = { status: 400 } as const;

const nearSids = fc.oneof(
  word,
  fc.nat(SID.length - 1).map((at) => SID.slice(0, at) || 'x'),
  fc.nat(SID.length - 1).map((at) => `${SID.slice(0, at)}~${SID.slice(at + 1)}`),
  word.map((more) => `${SID}${more}`),
  word.map((more) => `${more}${SID}`),
  fc
    .constantFrom('%20', '%00', '%0a', '%0d%0a', '+', '/', '%2f..%2f', "'", '%22', '*', '%e2%80%8b', ';', ',')
    .chain((odd) => fc.constantFrom(`${SID}${odd}`, `${odd}${SID}`)),
  fc.constantFrom(SID.toUpperCase(), `{${SID}}`, `%22${SID}%22`, '%27%20or%20PartitionKey%20ne%20%27', '..', '%2e%2e'),
);

/** Every character escaped, and the escapes again; broken escapes; text that is no UTF-8, or not the shortest. */
const encodedSids = fc.oneof(
  fc.integer({ min: 2, max: 5 }).map((times) => {
    let sid = [...SID].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
    for (let time = 1; time < times; time += 1) sid = encodeURIComponent(sid);
    return sid;
  }),
  fc
    .tuple(
      fc.constantFrom('%', '%%', '%zz', '%2', '%u0041', '%ff%fe', '%c0%ae', '%ed%a0%80', '%f8%a1'),
      word,
      fc.boolean(),
    )
    .map(([odd, other, after]) => (after ? `${SID}${odd}${other}` : `${odd}${other}${SID}`)),
  fc
    .nat(SID.length - 1)
    .map((at) => `${SID.slice(0, at)}%c1%${((SID.charCodeAt(at) & 0x3f) | 0x80).toString(16)}${SID.slice(at + 1)}`),
  word.map((other) => Buffer.from(`${SID}${other}`).toString('base64url')),
);

const repeated = fc
  .record({
    other: fc.option(word),
    first: fc.boolean(),
    escaped: fc.boolean(),
    between: fc.array(word, { maxLength: 4 }),
  })
  .map(({ other, first, escaped, between }) => {
    const second = `${escaped ? '%73id' : 'sid'}=${other ?? SID}`;
    const parameters = [...between.map((one) => `${one}=1`), second];
    return (first ? [...parameters, GOOD] : [GOOD, ...parameters]).join('&');
  });

const empty = fc.oneof(
  fc.constantFrom(
    '',
    'sid',
    'sid=',
    '=',
    '&',
    '&&sid=&',
    `=${SID}`,
    SID,
    `;${GOOD}`,
    `?${GOOD}`,
    `%26${GOOD}`,
    `iss=${encodeURIComponent(ISSUER)}`,
  ),
  word.map((name) => `${name}=${SID}`),
  fc
    .constantFrom(
      'Sid',
      'SID',
      'sid[]',
      'sid%5B%5D',
      'sid%00',
      'sid+',
      '+sid',
      's%69d%20',
      'sub',
      'logout_token',
      'state',
    )
    .chain((name) => word.map((value) => `${name}=${SID}&${value}=`)),
);

const foreignIssuers = fc.oneof(
  word.map((host) => `iss=https%3A%2F%2F${host}.example%2Fv2.0`),
  fc
    .constantFrom(
      '',
      `${ISSUER}/`,
      ` ${ISSUER}`,
      `${ISSUER}\0`,
      ISSUER.slice(0, -1),
      ISSUER.toUpperCase(),
      `${ISSUER}#`,
      `${ISSUER},${ISSUER}`,
      'null',
    )
    .map((iss) => `iss=${encodeURIComponent(iss)}`),
  fc.tuple(fc.option(word), fc.boolean()).map(([other, first]) => {
    const [one, two] = [`iss=${encodeURIComponent(ISSUER)}`, `iss=${other ?? encodeURIComponent(ISSUER)}`];
    return first ? `${one}&${two}` : `${two}&${one}`;
  }),
);

/** What only the OP's iframe is to send. */
export function frontChannelClasses(request: (query: string) => Sent): Record<string, AttackClass<Scene>> {
  const cases = (queries: fc.Arbitrary<string>): AttackClass<Scene>['cases'] =>
    queries.map((query) => ({
      what: query.length > 200 ? `${query.slice(0, 200)}…, ${query.length} characters` : query,
      make: () => ({
        sent: request(query),
        secrets: telling([query, ...new URLSearchParams(query).values()].filter((one) => one !== ISSUER)),
      }),
    }));
  const many = fc.integer({ min: 50, max: 3_000 }).chain((count) =>
    fc.tuple(word, fc.boolean()).map(([name, named]) => {
      const others = Array.from({ length: count }, (_, at) => `${name}${at}=${at}`);
      return [...others.slice(0, count / 2), ...(named ? [GOOD, GOOD] : []), ...others.slice(count / 2)].join('&');
    }),
  );
  return {
    'a sid that is nearly one': { ...UNKNOWN, cases: cases(nearSids.map((sid) => `sid=${sid}`)) },
    'a sid encoded in other ways': {
      ...UNKNOWN,
      cases: cases(encodedSids.filter((sid) => !decodesToGood(sid)).map((sid) => `sid=${sid}`)),
    },
    'a sid repeated': { ...NOBODY, cases: cases(repeated) },
    'a sid oversized': {
      ...NOBODY,
      cases: cases(
        fc
          .tuple(fc.integer({ min: 513, max: 30_000 }), word)
          .map(([length, start]) => `sid=${start.padEnd(length, SID)}`),
      ),
    },
    'no sid, an empty one, one under another name': { ...NOBODY, cases: cases(empty) },
    'a foreign, repeated or odd iss': {
      ...FOREIGN,
      cases: cases(
        fc.tuple(foreignIssuers, fc.boolean()).map(([iss, first]) => (first ? `${iss}&${GOOD}` : `${GOOD}&${iss}`)),
      ),
    },
    'many parameters': { ...NOBODY, cases: cases(many) },
    'a headers parameter': headersParameter(
      () => request(GOOD),
      () => ({ cookie: '__Host-session=somebody' }),
    ),
  };
}

const decodesToGood = (sid: string): boolean => new URLSearchParams(`sid=${sid}`).get('sid') === SID;
