import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeLease, encodeLease, type Lease, vouchedAt } from '../../../shared/account/lease-record.ts';

const text = (value: unknown) => Buffer.from(JSON.stringify(value));
const LEASE: Lease = {
  holder: 'holder-1',
  until: 2_000,
  redeemedAt: 1_000,
  failure: { holder: 'holder-0', outcome: 'op-unavailable', reason: 'network_error', scopes: ['User.Read'] },
};

describe('a lease', () => {
  it.each([
    ['with all that it can hold', LEASE],
    ['with the least', { holder: '', until: 0, redeemedAt: null, failure: null }],
  ])('comes back as it was, %s', (_, lease) => {
    expect(decodeLease(encodeLease(lease))).toEqual(lease);
  });

  it('of the version before, which says nothing of redemptions, is read', () => {
    const older = text({ holder: 'holder-1', until: 2_000 });
    expect(decodeLease(older)).toEqual({ holder: 'holder-1', until: 2_000, redeemedAt: null, failure: null });
  });

  it.each([
    ['an outcome that we do not know', { ...LEASE.failure, outcome: 'op-asleep' }],
    ['scopes that are none', { ...LEASE.failure, scopes: [1] }],
    ['no holder', { ...LEASE.failure, holder: undefined }],
    ['a word', 'failed'],
  ])('holds where its failure has %s: then nobody takes that for an answer', (_, failure) => {
    expect(decodeLease(text({ ...LEASE, failure }))).toEqual({ ...LEASE, failure: null });
  });

  it('does not grow with what an OP calls an error', () => {
    const failure = { holder: '', outcome: 'op-refused' as const, reason: 'x'.repeat(10_000), scopes: [] };
    expect(encodeLease({ ...LEASE, failure }).length).toBeLessThan(300);
  });

  it('is none where the bytes are none, and never an exception', () => {
    for (const value of [null, 1, 'lease', [], { holder: 1, until: 1 }, { holder: 'h', until: '1' }]) {
      expect(decodeLease(text(value))).toBeNull();
    }
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(() => decodeLease(bytes)).not.toThrow()));
  });
});

it.each([
  ['at its sign-in, where nobody has refreshed', null, 5],
  ['at its sign-in, where an older version has written', { ...LEASE, redeemedAt: null }, 5],
  ['at its last refresh', { ...LEASE, redeemedAt: 9 }, 9],
])('the OP vouched for a session %s', (_, lease, at) => {
  expect(vouchedAt(lease, 5)).toBe(at);
});
