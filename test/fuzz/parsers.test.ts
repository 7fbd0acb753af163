import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type IndexKey, indexKey } from '../../shared/account/index-key.ts';
import { decodeLease, encodeLease } from '../../shared/account/lease-record.ts';
import { ownCookies } from '../../shared/http/cookies.ts';
import { parseCallback } from '../../shared/signin/callback-parameters.ts';
import { parseReturnTo } from '../../shared/signin/return-to.ts';
import { parseFrontChannel } from '../../shared/signout/front-channel.ts';
import { expiryBucket, parseExpiryBucket } from '../../shared/store/expiry-buckets.ts';
import { OP_METADATA } from '../support/application.ts';
import { testRequest } from '../support/request.ts';
import { anyText } from './support/arbitraries.ts';

const MANY = { numRuns: 1_000 };

describe('the key of an index', () => {
  const parts = fc.tuple(anyText(4), anyText(4), fc.constantFrom('sid', 'sub', 'account'), anyText(4, 1));

  it('is of one client, issuer, kind and value only, and one that a table can hold', () => {
    const keyOf = ([client, issuer, kind, value]: readonly [
      string,
      string,
      'sid' | 'sub' | 'account',
      string,
    ]): IndexKey => indexKey(client, issuer, { kind, value });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(keyOf(one)).toMatch(/^[0-9a-f]{64}$/);
        expect(keyOf(one) === keyOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      MANY,
    );
  });
});

describe('a return address that is taken', () => {
  const bases = [
    'https://app.example',
    'https://app.example/auth/callback?code=a&state=b#c',
    'https://app.example//evil.example/x',
    'http://localhost:7071/auth/callback',
    'https://app.example:8443/a/../..//b',
  ];
  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      '//',
      '\\',
      '..',
      '.',
      '%2e',
      '%2F',
      '%5c',
      '%09',
      ';',
      '@',
      ':',
      '?',
      '#',
      '[',
      ']',
      '|',
      '^',
    ),
    fc.constantFrom(
      'evil.example',
      'https:',
      'javascript:',
      '\t',
      '\n',
      '\r',
      ' ',
      '\u00a0',
      '\u3002',
      '\uff0f',
      '\u2044',
    ),
    anyText(3),
  );
  const hostile = fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join('')}`);
  /** Where white space and controls may be put by what lies between us and the browser, which drops them again. */
  const dropped = fc.constantFrom('', '\t', '\n', '\r', ' ', '\0', '\u001f');

  it('leads into the application from every page of it, whatever a browser strips from it first', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(...bases), dropped, fc.nat(40), (value, base, control, at) => {
        const taken = parseReturnTo(value);
        if (taken === null) return;
        const readings = [taken, `${control}${taken}${control}`, taken.slice(0, at) + control + taken.slice(at)];
        for (const reading of readings.slice(0, control === '\t' || control === '\n' || control === '\r' ? 3 : 2)) {
          expect(new URL(reading, base).origin).toBe(new URL(base).origin);
        }
        expect(new URL(taken, base).href).toBe(`${new URL(base).origin}${taken}`);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('the cookies of a request', () => {
  const name = fc.oneof(
    fc.constantFrom(
      '__Host-session',
      '__Host-signin-a',
      ' __Host-session',
      '__Host-session\u00a0',
      '__host-session',
      '',
    ),
    anyText(5),
  );
  const pair = fc.tuple(name, fc.oneof(fc.constant(''), anyText(8))).map(([left, right]) => `${left}=${right}`);
  const header = fc.array(fc.oneof(pair, anyText(8)), { maxLength: 6 }).map((pairs) => pairs.join(';'));

  it('are ours by name to the byte, each once, and of two neither', () => {
    fc.assert(
      fc.property(header, (cookie) => {
        const headers = { get: (asked: string) => (asked === 'cookie' ? cookie : null) };
        const own = ownCookies({ ...testRequest(), headers } as unknown as Parameters<typeof ownCookies>[0]);
        for (const [ours, value] of own) {
          expect(ours).toMatch(/^__Host-(?:session$|signin-)/);
          expect(value).not.toMatch(/^[ \t]|[ \t]$|;/);
          const same = cookie.split(';').filter((one) => one.replace(/^[ \t]+/, '').split(/[ \t]*=/)[0] === ours);
          expect(same).toHaveLength(1);
        }
      }),
      MANY,
    );
  });
});

describe("the OP's parameters", () => {
  const query = (...names: readonly string[]): fc.Arbitrary<URLSearchParams> =>
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...names), anyText(4)), anyText(10)), { maxLength: 6 })
      .map((pairs) => new URLSearchParams(pairs));

  it('of a callback are read once each, or not at all', () => {
    fc.assert(
      fc.property(query('state', 'code', 'error', 'iss', 'session_state'), (parameters) => {
        const parsed = parseCallback(parameters);
        const [state, code, error] = ['state', 'code', 'error'].map((name) => parameters.getAll(name));
        const known = ['state', 'code', 'error', 'iss', 'session_state'].every(
          (name) => parameters.getAll(name).length < 2,
        );
        const answer = (code?.length === 1) !== (error?.length === 1);
        expect(parsed !== null).toBe(known && Boolean(state?.[0]) && answer);
        if (parsed !== null) expect([parsed.state, parsed.code]).toEqual([state?.[0], code?.[0] ?? null]);
      }),
      MANY,
    );
  });

  it('of a front-channel sign-out name one sid of our issuer, or nobody', () => {
    const requests = fc.tuple(query('sid', 'iss'), fc.boolean()).map(([parameters, ours]) => {
      if (ours) parameters.set('iss', OP_METADATA.issuer);
      return parameters;
    });
    fc.assert(
      fc.property(requests, (parameters) => {
        const named = parseFrontChannel(parameters, OP_METADATA);
        const [iss, sid] = [parameters.getAll('iss'), parameters.getAll('sid')];
        const foreign = iss.length > 1 || (iss.length === 1 && iss[0] !== OP_METADATA.issuer);
        if (foreign) expect(named).toEqual({ kind: 'foreign-issuer' });
        else if (sid.length === 1 && sid[0] !== '') expect(named).toEqual({ kind: 'sid', sid: sid[0] });
        else expect(named).toEqual({ kind: 'nobody' });
      }),
      MANY,
    );
  });
});

describe('what was sealed as a lease', () => {
  const content = fc.oneof(
    fc.json(),
    fc
      .record({ holder: fc.jsonValue(), until: fc.jsonValue(), redeemedAt: fc.jsonValue(), failure: fc.jsonValue() })
      .map((lease) => JSON.stringify(lease)),
    anyText(20),
  );

  it('is read as one that can be written again, or is none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          content.map((text) => Buffer.from(text)),
          fc.uint8Array(),
        ),
        (bytes) => {
          const lease = decodeLease(bytes);
          if (lease !== null) expect(decodeLease(encodeLease(lease))).toEqual(lease);
        },
      ),
      MANY,
    );
  });
});

describe('the name of an expiry bucket', () => {
  it('is of one hour, and nothing else is one', () => {
    fc.assert(
      fc.property(fc.oneof(fc.date({ noInvalidDate: true }), anyText(16)), (given) => {
        const name = typeof given === 'string' ? given : expiryBucket(given.getTime());
        const begin = parseExpiryBucket(name);
        if (begin !== null) expect(expiryBucket(begin)).toBe(name);
      }),
      MANY,
    );
  });
});
