import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeSessionRecord,
  encodeSessionRecord,
  fitsSessionProperty,
  hashSecret,
  isAlive,
  makeSessionId,
  parseSessionId,
  secretMatches,
} from '../../../shared/account/session-record.ts';
import { createTestAmbient, TEST_EPOCH } from '../../support/ambient.ts';
import { HOUR, MINUTE, sessionRecord } from '../../support/records.ts';

const BYTES_MAX = 1_400;
const { user } = sessionRecord();

describe('a session record', () => {
  it('comes back as it was', () => {
    const record = sessionRecord();
    expect(decodeSessionRecord(encodeSessionRecord(record))).toEqual(record);
  });

  it('keeps when the person proved who they are, and how; one of before says neither, and opens still', () => {
    const record = sessionRecord({ authTime: TEST_EPOCH, acrs: ['c1', 'c2'] });
    expect(decodeSessionRecord(encodeSessionRecord(record))).toEqual(record);
    expect(decodeSessionRecord(encodeSessionRecord(sessionRecord()))).not.toHaveProperty('authTime');
  });

  it.each([
    ['a time that is none', { authTime: 'now' }],
    ['half a time', { authTime: 1.5 }],
    ['contexts in a text', { acrs: 'c1' }],
    ['contexts that are none', { acrs: [null] }],
  ])('with %s is none of ours', (_what, more) => {
    const bytes = Buffer.from(JSON.stringify({ ...sessionRecord(), ...more }));
    expect(decodeSessionRecord(bytes)).toBeNull();
  });

  it('fits its property however large the claims for display are', () => {
    const claim = fc.option(fc.string({ unit: 'binary', maxLength: 3_000, size: 'max' }));
    fc.assert(
      fc.property(claim, claim, claim, (name, username, loginHint) => {
        const record = sessionRecord({ user: { ...user, name, username, loginHint } });
        const encoded = encodeSessionRecord(record);
        expect(encoded.length).toBeLessThanOrEqual(BYTES_MAX);
        expect(decodeSessionRecord(encoded)).toMatchObject({ homeAccountId: record.homeAccountId });
      }),
    );
  });

  it('gives up what is only for display before what a sign-out needs', () => {
    const kept = (more: Partial<typeof user>) =>
      decodeSessionRecord(encodeSessionRecord(sessionRecord({ user: { ...user, ...more } })))?.user;
    expect(kept({ name: 'ä'.repeat(5_000) })).toEqual({ ...user, name: 'ä'.repeat(128) });
    expect(kept({ username: 'u'.repeat(850) })).toEqual({ ...user, name: 'Alice Example', username: 'u'.repeat(850) });
    expect(kept({ name: 'n'.repeat(128), username: 'u'.repeat(900) })?.loginHint).toBe('hint-1');
    expect(kept({ loginHint: 'h'.repeat(2_000) })).toEqual({ ...user, name: null, loginHint: null });
    expect(kept({ username: 'u'.repeat(2_000) })).toEqual({
      name: null,
      username: null,
      loginHint: null,
    });
  });

  it('keeps a sid and an account id of 255 characters each, or an account id of 255 characters of three bytes', () => {
    const ids = [{ sid: 's'.repeat(255), homeAccountId: 'u'.repeat(255) }, { homeAccountId: '号'.repeat(255) }];
    for (const more of ids) {
      const record = sessionRecord(more);
      expect(decodeSessionRecord(encodeSessionRecord(record))).toEqual(record);
    }
  });

  it('is refused a sign-in’s place where an account id is beyond all measure, and not by an exception', () => {
    expect(fitsSessionProperty(sessionRecord({ homeAccountId: '号'.repeat(512) }))).toBe(false);
    expect(fitsSessionProperty(sessionRecord())).toBe(true);
  });

  it('keeps what a session has replaced', () => {
    const record = sessionRecord({ replaced: { ids: [makeSessionId(createTestAmbient().randomBytes)], at: 1 } });
    expect(decodeSessionRecord(encodeSessionRecord(record))).toEqual(record);
  });

  it('is none where the bytes are none, and never an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(decodeSessionRecord(bytes)).toBeNull();
        },
      ),
    );
  });

  it.each(Object.keys(sessionRecord()))('is none without its %s', (property) => {
    const { [property]: _, ...rest } = sessionRecord() as unknown as Record<string, unknown>;
    expect(decodeSessionRecord(Buffer.from(JSON.stringify(rest)))).toBeNull();
  });

  it.each([
    ['a time that is text', { endsAt: '2026-11-21' }],
    ['a time that is no integer', { startedAt: 1.5 }],
    ['a hash of another length', { secretHash: 'short' }],
    ['a sid that is a number', { sid: 1 }],
    ['no user', { user: null }],
    ['a name that is no text', { user: { ...user, name: { first: 'Alice' } } }],
    ['a hash that is none', { secretHash: 'ä'.repeat(43) }],
    ['a time beyond all dates', { endsAt: Number.MAX_SAFE_INTEGER }],
  ])('is none with %s', (_, wrong) => {
    expect(decodeSessionRecord(Buffer.from(JSON.stringify({ ...sessionRecord(), ...wrong })))).toBeNull();
  });
});

describe('whatever is taken for a session record', () => {
  const time = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(8.64e15, -8.64e15, 8.64e15 + 1), fc.double());
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 50 }), fc.constant(null));
  const almost = fc.record(
    {
      secretHash: fc.oneof(
        fc.string({ unit: 'binary', minLength: 43, maxLength: 43 }),
        fc.constant(hashSecret('secret')),
      ),
      sid: text,
      startedAt: time,
      signedInAt: time,
      lastUsedAt: time,
      endsAt: time,
      device: text,
      homeAccountId: text,
      user: fc.oneof(fc.jsonValue(), fc.record({ sub: text, name: text, username: text, loginHint: text })),
    },
    { requiredKeys: [] },
  );

  it('can be compared, described and asked whether it is alive', () => {
    fc.assert(
      fc.property(fc.boolean(), almost, (whole, wrong) => {
        const json = JSON.stringify(whole ? { ...sessionRecord(), ...wrong } : wrong);
        const record = decodeSessionRecord(Buffer.from(json));
        if (record === null) return;
        secretMatches(record, 'secret');
        isAlive(record, 0, 60);
        for (const at of [record.startedAt, record.signedInAt, record.lastUsedAt, record.endsAt]) {
          expect(new Date(at).toISOString()).toMatch(/Z$/);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('may hold members that a later version has added', () => {
    const later = { ...sessionRecord(), assurance: 'mfa', user: { ...user, picture: 'x' } };
    expect(decodeSessionRecord(Buffer.from(JSON.stringify(later)))).toMatchObject(sessionRecord());
  });
});

describe("a session's secret", () => {
  const record = sessionRecord({ secretHash: hashSecret('right') });

  it('opens it', () => expect(secretMatches(record, 'right')).toBe(true));
  it.each(['wrong', '', 'right ', hashSecret('right')])('is no other: %j', (secret) => {
    expect(secretMatches(record, secret)).toBe(false);
  });
  it('is not in the record', () => {
    expect(Buffer.from(encodeSessionRecord(record)).toString()).not.toContain('right');
  });
});

describe("a session's life", () => {
  const record = sessionRecord();
  const { lastUsedAt, endsAt } = record;

  it('ends when it has gone unused, at the minute', () => {
    expect(isAlive(record, lastUsedAt + 30 * MINUTE - 1, 30)).toBe(true);
    expect(isAlive(record, lastUsedAt + 30 * MINUTE, 30)).toBe(false);
  });

  it('ends at its absolute end, however much it is used', () => {
    const busy = { ...record, lastUsedAt: endsAt - 1 };
    expect(isAlive(busy, endsAt - 1, 30)).toBe(true);
    expect(isAlive(busy, endsAt, 30)).toBe(false);
    expect(isAlive(busy, endsAt + HOUR, 10_000)).toBe(false);
  });
});

describe('a session id', () => {
  it('is 128 random bits in lower-case hex, a legal part of a property name', () => {
    const ambient = createTestAmbient();
    const id = makeSessionId(ambient.randomBytes);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(ambient.randomBytesDrawn()).toBe(16);
    expect(makeSessionId(ambient.randomBytes)).not.toBe(id);
  });

  it.each(['', 'tombstone', 'A'.repeat(32), '0'.repeat(31), '0'.repeat(33), `${'0'.repeat(32)}\n`])(
    'is not %j',
    (value) => expect(parseSessionId(value)).toBeNull(),
  );
});
