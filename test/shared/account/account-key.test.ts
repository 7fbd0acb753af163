import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountKey, escapeKeyPart, parseAccountKey } from '../../../shared/account/account-key.ts';

const CLIENT = '11111111-1111-1111-1111-111111111111';
/** What Table Storage takes in a key. */
const LEGAL_KEY = /^[^/\\#?\u0000-\u001f\u007f-\u009f]{1,512}$/;

/** Any UTF-16 there is, lone surrogates included, with the characters that matter here turning up often. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('~', '=', '/', '\\', '#', '?', '%', '.', '0', 'A', '\u0000', '\ud800', '\udc00'),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
    { minLength: 1, maxLength: 150 },
  )
  .map((units) => units.join(''));

describe('a part of a key', () => {
  it('escaped, is of one text only and holds nothing that parts are kept apart by', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        expect(escapeKeyPart(one)).toMatch(/^(?:[A-Za-z0-9._@-]|=[0-9A-F]{4})*$/);
        expect(escapeKeyPart(one) === escapeKeyPart(other)).toBe(one === other);
        const back = escapeKeyPart(one).replaceAll(/=(.{4})/g, (_, hex) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        );
        expect(back).toBe(one);
      }),
    );
  });
});

describe("an account's partition key", () => {
  it('shows what Entra ID says as it is', () => {
    expect(accountKey('oid-1.tid-1', CLIENT)).toBe(`oid-1.tid-1~${CLIENT}`);
  });

  it('is one that Table Storage can hold, for any account and client', () => {
    fc.assert(
      fc.property(anyText, anyText, (account, client) => {
        const key = accountKey(account, client);
        expect(key).toMatch(LEGAL_KEY);
        expect(key.isWellFormed()).toBe(true);
      }),
    );
  });

  it('is of one account and client only', () => {
    const pair = fc.tuple(anyText, anyText);
    fc.assert(
      fc.property(pair, pair, ([account, client], [otherAccount, otherClient]) => {
        const same = account === otherAccount && client === otherClient;
        expect(accountKey(account, client) === accountKey(otherAccount, otherClient)).toBe(same);
      }),
    );
  });

  it.each([
    [
      ['a~b', 'c'],
      ['a', 'b~c'],
    ],
    [
      ['a=', 'b'],
      ['a', '=b'],
    ],
    [
      ['=007E', 'b'],
      ['~', 'b'],
    ],
    [
      ['A', 'b'],
      ['a', 'b'],
    ],
    [
      ['\ud800', 'b'],
      ['\udc00', 'b'],
    ],
    [
      ['é', 'b'],
      ['e\u0301', 'b'],
    ],
    [
      ['😀', 'b'],
      ['😁', 'b'],
    ],
  ] as const)('keeps %j and %j apart', ([account, client], [otherAccount, otherClient]) => {
    expect(accountKey(account, client)).not.toBe(accountKey(otherAccount, otherClient));
  });

  it('is written out up to 512 characters and hashed past that', () => {
    const account = 'a'.repeat(512 - 1 - CLIENT.length);
    expect(accountKey(account, CLIENT)).toBe(`${account}~${CLIENT}`);
    expect(accountKey(`${account}a`, CLIENT)).toMatch(/^~sha256~[0-9a-f]{64}$/);
    expect(accountKey(`${account}a`, CLIENT)).not.toBe(accountKey(`${account}b`, CLIENT));
  });

  it('of two that are both hashed is that of one account and client only', () => {
    const long = fc.tuple(anyText, fc.constantFrom('a'.repeat(400), '/'.repeat(120), '=002F'.repeat(120)));
    fc.assert(
      fc.property(long, long, ([some, filler], [other, otherFiller]) => {
        const [account, otherAccount] = [some + filler, other + otherFiller];
        const [key, otherKey] = [account, otherAccount].map((one) => accountKey(one, 'c'.repeat(120)));
        expect(key).toMatch(/^~sha256~[0-9a-f]{64}$/);
        expect(key === otherKey).toBe(account === otherAccount);
      }),
    );
  });

  it('is never that of a hash while it is written out, and the other way about', () => {
    fc.assert(
      fc.property(anyText, anyText, (account, client) => {
        const written = `${escapeKeyPart(account)}~${escapeKeyPart(client)}`;
        const key = accountKey(account, client);
        expect(key).toBe(written.length <= 512 ? written : key);
        expect(key.startsWith('~')).toBe(written.length > 512);
      }),
    );
  });

  it('is known as one when it is read, and nothing else is', () => {
    fc.assert(
      fc.property(anyText, anyText, (account, client) => {
        const key = accountKey(account, client);
        expect(parseAccountKey(key)).toBe(key);
      }),
    );
    for (const other of ['', 'a/b', 'a b', 'ä', 'a\n', 'a'.repeat(513), null, undefined, 1, new Uint8Array(1)]) {
      expect(parseAccountKey(other)).toBeNull();
    }
  });

  it('that is written out is never that of a hash, even where an account imitates one', () => {
    expect(accountKey('~sha256', 'a'.repeat(64)).startsWith('~')).toBe(false);
  });

  it('does not exist for an empty account or client, which would select nothing or everything', () => {
    expect(() => accountKey('', CLIENT)).toThrow(RangeError);
    expect(() => accountKey('alice', '')).toThrow(RangeError);
  });
});
