import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Keyring, SealPlace, SealPurpose } from '../../../shared/seal/keyring.ts';
import { rememberOpened } from '../../../shared/seal/remembered.ts';
import { testKeyring } from '../../support/keyring.ts';

const PLACE: SealPlace = {
  purpose: 'session',
  subject: 'abc',
  location: ['accounts', 'alice~app', 'account', 's_abc'],
};
const RECORD = Buffer.from('a session record');

/** One that remembers, and how often what lies under it was asked. */
function counted() {
  const under = testKeyring();
  let asked = 0;
  const keyring = rememberOpened({
    ...under,
    open(place, sealed) {
      asked += 1;
      return under.open(place, sealed);
    },
  });
  return { keyring, under, asked: () => asked };
}

describe('what was opened once', () => {
  it.each(['session-cookie', 'session', 'lease'] as const)('is not opened again: a %s', (purpose) => {
    const { keyring, asked } = counted();
    const sealed = keyring.seal({ ...PLACE, purpose }, RECORD);
    for (let times = 0; times < 3; times += 1) {
      // As it comes from storage, in memory of its own each time.
      const opened = keyring.open({ ...PLACE, purpose, location: [...PLACE.location] }, Uint8Array.from(sealed));
      expect(opened).toEqual({ outcome: 'opened', plaintext: RECORD });
    }
    expect(asked()).toBe(1);
  });

  it.each(['cache', 'signin-cookie', 'signout-retry', 'directory-event'] satisfies SealPurpose[])(
    'is not kept where no call opens it again: a %s',
    (purpose) => {
      const { keyring, asked } = counted();
      const sealed = keyring.seal({ ...PLACE, purpose }, RECORD);
      for (let times = 0; times < 2; times += 1) keyring.open({ ...PLACE, purpose }, sealed);
      expect(asked()).toBe(2);
    },
  );

  it('is not kept where it is longer than any record', () => {
    const { keyring, asked } = counted();
    const sealed = keyring.seal(PLACE, Buffer.alloc(4_096));
    for (let times = 0; times < 2; times += 1) keyring.open(PLACE, sealed);
    expect(asked()).toBe(2);
  });

  it.each<[string, Partial<SealPlace>]>([
    ['as another kind of value', { purpose: 'lease' }],
    ['for another session', { subject: 'abd' }],
    ['in another account', { location: ['accounts', 'bob~app', 'account', 's_abc'] }],
    ['as another property', { location: ['accounts', 'alice~app', 'account', 's_abd'] }],
    ['at a place with a part less', { location: ['accounts', 'alice~app', 'account'] }],
    ['at a place with a part more', { location: [...PLACE.location, ''] }],
  ])('opens nowhere else: %s', (_, elsewhere) => {
    const { keyring } = counted();
    const sealed = keyring.seal(PLACE, RECORD);
    keyring.open(PLACE, sealed);
    expect(keyring.open({ ...PLACE, ...elsewhere }, sealed)).toEqual({ outcome: 'forged' });
    expect(keyring.open(PLACE, sealed).outcome).toBe('opened');
  });

  it('does not open with a bit turned, a byte less or a byte more', () => {
    const { keyring } = counted();
    const sealed = keyring.seal(PLACE, RECORD);
    keyring.open(PLACE, sealed);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const altered = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ mask : byte));
        expect(keyring.open(PLACE, altered).outcome).not.toBe('opened');
      }),
    );
    expect(keyring.open(PLACE, sealed.subarray(0, -1)).outcome).toBe('forged');
    expect(keyring.open(PLACE, Buffer.concat([sealed, Buffer.from([0])])).outcome).toBe('forged');
  });
});

it('what was not sealed here is opened each time, and takes up no memory', () => {
  const { keyring, asked } = counted();
  const foreign: Keyring = testKeyring(['k2']);
  const [unknown, forged] = [foreign.seal(PLACE, RECORD), Buffer.from(keyring.seal(PLACE, RECORD)).fill(0, 40)];
  for (let times = 0; times < 2; times += 1) {
    expect(keyring.open(PLACE, unknown)).toEqual({ outcome: 'unknown-key' });
    expect(keyring.open(PLACE, forged)).toEqual({ outcome: 'forged' });
  }
  expect(asked()).toBe(4);
});
