import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SealPlace } from '../../../shared/seal/keyring.ts';
import { testKeyring } from '../../support/keyring.ts';

const PLACE: SealPlace = {
  purpose: 'session',
  subject: 'abc',
  location: ['accounts', 'alice~app', 'account', 's_abc'],
};
const SECRET = Buffer.from('a refresh token');

describe('a sealed value', () => {
  it('opens where it was sealed', () => {
    const keyring = testKeyring();
    expect(keyring.open(PLACE, keyring.seal(PLACE, SECRET))).toEqual({ outcome: 'opened', plaintext: SECRET });
  });

  it('opens whatever it holds, the empty text too', () => {
    const keyring = testKeyring();
    fc.assert(
      fc.property(fc.uint8Array(), (plaintext) => {
        const opened = keyring.open(PLACE, keyring.seal(PLACE, plaintext));
        expect(opened).toEqual({ outcome: 'opened', plaintext: Buffer.from(plaintext) });
      }),
    );
  });

  it('shows nothing of what it holds, and is another one each time', () => {
    const keyring = testKeyring();
    const [one, other] = [keyring.seal(PLACE, SECRET), keyring.seal(PLACE, SECRET)];
    expect(Buffer.from(one).includes(SECRET)).toBe(false);
    expect(Buffer.compare(one, other)).not.toBe(0);
  });

  it('does not open in another application, though the two share their keys', () => {
    const [contoso, fabrikam] = [testKeyring(), testKeyring(['k1'], undefined, 'fabrikam')];
    expect(fabrikam.open(PLACE, contoso.seal(PLACE, SECRET))).toEqual({ outcome: 'forged' });
  });

  it.each<[string, SealPlace]>([
    ['purpose', { ...PLACE, purpose: 'cache' }],
    ['session', { ...PLACE, subject: 'abd' }],
    ['table', { ...PLACE, location: ['sids', 'alice~app', 'account', 's_abc'] }],
    ['account', { ...PLACE, location: ['accounts', 'bob~app', 'account', 's_abc'] }],
    ['row', { ...PLACE, location: ['accounts', 'alice~app', 'other', 's_abc'] }],
    ['property', { ...PLACE, location: ['accounts', 'alice~app', 'account', 's_abd'] }],
    ['place whose parts are cut elsewhere', { ...PLACE, location: ['accounts', 'alice', '~appaccount', 's_abc'] }],
  ])('does not open when it is moved to another %s', (_, elsewhere) => {
    const keyring = testKeyring();
    expect(keyring.open(elsewhere, keyring.seal(PLACE, SECRET))).toEqual({ outcome: 'forged' });
  });

  it('does not open after any one of its bits was changed', () => {
    const keyring = testKeyring();
    const sealed = Buffer.from(keyring.seal(PLACE, SECRET));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(keyring.open(PLACE, altered).outcome).not.toBe('opened');
    }
  });

  it('does not open when it is cut short or lengthened', () => {
    const keyring = testKeyring();
    const sealed = Buffer.from(keyring.seal(PLACE, SECRET));
    for (let length = 0; length < sealed.length; length += 1) {
      expect(keyring.open(PLACE, sealed.subarray(0, length)).outcome).not.toBe('opened');
    }
    expect(keyring.open(PLACE, Buffer.concat([sealed, Buffer.of(0)]))).toEqual({ outcome: 'forged' });
  });

  it('is read in place where it is a part of a larger buffer', () => {
    const keyring = testKeyring();
    const sealed = keyring.seal(PLACE, SECRET);
    const around = Buffer.concat([Buffer.alloc(7, 1), sealed, Buffer.alloc(7, 1)]);
    expect(keyring.open(PLACE, new Uint8Array(around).subarray(7, -7)).outcome).toBe('opened');
  });
});

describe('what was never sealed', () => {
  it('is refused without an exception, whatever its bytes', () => {
    const keyring = testKeyring();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(['forged', 'unknown-key', 'newer-format']).toContain(keyring.open(PLACE, bytes).outcome);
      }),
    );
  });

  it('is refused as forged where it has the form and names a key that is held', () => {
    const keyring = testKeyring();
    const head = Buffer.from([1, 2, ...Buffer.from('k1')]);
    expect(keyring.open(PLACE, Buffer.concat([head, Buffer.alloc(60)]))).toEqual({ outcome: 'forged' });
  });
});

describe('key rotation', () => {
  const sealedUnder = (...kids: [string, ...string[]]) => testKeyring(kids).seal(PLACE, SECRET);

  it.each<[[string, ...string[]], [string, ...string[]]]>([
    [['old'], ['old', 'new']],
    [
      ['old', 'new'],
      ['new', 'old'],
    ],
    [['new', 'old'], ['new']],
  ])('from %j to %j, instances of both steps read what either seals', (before, after) => {
    expect(testKeyring(after).open(PLACE, sealedUnder(...before)).outcome).toBe('opened');
    expect(testKeyring(before).open(PLACE, sealedUnder(...after)).outcome).toBe('opened');
  });

  it('the first key seals', () => {
    const sealed = sealedUnder('new', 'old');
    expect(testKeyring(['old']).open(PLACE, sealed)).toEqual({ outcome: 'unknown-key' });
  });

  it('a key that this instance does not hold is told apart from a forgery: another instance may know it', () => {
    expect(testKeyring(['new']).open(PLACE, sealedUnder('old'))).toEqual({ outcome: 'unknown-key' });
  });

  it('so is a format that a later version writes', () => {
    const keyring = testKeyring();
    const sealed = keyring.seal(PLACE, SECRET);
    sealed[0] = 2;
    expect(keyring.open(PLACE, sealed)).toEqual({ outcome: 'newer-format' });
  });

  it('a value of one key does not open under the name of another', () => {
    const sealed = Buffer.from(sealedUnder('k1'));
    sealed.write('k2', 2, 'latin1');
    expect(testKeyring(['k1', 'k2']).open(PLACE, sealed)).toEqual({ outcome: 'forged' });
  });
});

describe('a pseudonym for the log', () => {
  it('is the same for the same account, another for another, and shows neither', () => {
    const keyring = testKeyring();
    const alice = keyring.pseudonym('alice~app');
    expect(alice).toMatch(/^[0-9a-f]{16}$/);
    expect(keyring.pseudonym('alice~app')).toBe(alice);
    expect(keyring.pseudonym('bob~app')).not.toBe(alice);
  });

  it('cannot be made without the key', () => {
    expect(testKeyring(['k2']).pseudonym('alice~app')).not.toBe(testKeyring(['k1']).pseudonym('alice~app'));
  });
});
