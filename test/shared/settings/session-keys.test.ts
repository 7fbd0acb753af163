import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { keyOf, problemsWith, settingsWith } from './environment.ts';

const bytes = Buffer.from('fbefbe'.repeat(11).slice(0, 64), 'hex');

describe('SESSION_KEYS', () => {
  it.each([
    ['base64', bytes.toString('base64')],
    ['base64 without padding', bytes.toString('base64').replace('=', '')],
    ['base64url', bytes.toString('base64url')],
    ['base64url with padding', `${bytes.toString('base64url')}=`],
  ])('takes a key in %s', (_, encoded) => {
    const [{ kid, key }] = settingsWith({ SESSION_KEYS: `2026_11-a:${encoded}` }).sessionKeys;
    expect(kid).toBe('2026_11-a');
    expect(key.export()).toEqual(bytes);
  });

  it('keeps the order, since the first key seals', () => {
    const { sessionKeys } = settingsWith({ SESSION_KEYS: ` new:${keyOf(2)} , old:${keyOf(1)} ` });
    expect(sessionKeys.map(({ kid }) => kid)).toEqual(['new', 'old']);
    expect(sessionKeys.map(({ key }) => key.export()[0])).toEqual([2, 1]);
  });

  it.each([
    ['no key id', keyOf(1), /^entry 1 is not a key id, a colon and a key$/],
    ['too many colons', `k1:${keyOf(1)}:x`, /^entry 1 is not a key id, a colon and a key$/],
    ['an empty key id', `:${keyOf(1)}`, /^entry 1 has a key id/],
    ['a key id with a dot', `k.1:${keyOf(1)}`, /^entry 1 has a key id/],
    ['a key id of 33 characters', `${'k'.repeat(33)}:${keyOf(1)}`, /^entry 1 has a key id/],
    ['an empty key', 'k1:', /^entry 1 has a key that is not 32 bytes/],
    ['31 bytes', `k1:${randomBytes(31).toString('base64')}`, /^entry 1 has a key that is not 32 bytes/],
    ['33 bytes', `k1:${randomBytes(33).toString('base64')}`, /^entry 1 has a key that is not 32 bytes/],
    ['hexadecimal', `k1:${randomBytes(32).toString('hex')}`, /^entry 1 has a key that is not 32 bytes/],
    ['a mixed alphabet', `k1:+-${keyOf(1).slice(2)}`, /^entry 1 has a key that is not 32 bytes/],
    ['zeros only', `k1:${keyOf(0)}`, /^entry 1 has a key of zeros only$/],
    ['a key id twice', `k1:${keyOf(1)},k1:${keyOf(2)}`, /^entry 2 has the key id of an earlier entry$/],
    ['a key twice', `k1:${keyOf(1)},k2:${keyOf(1)}`, /^entry 2 has the key of an earlier entry$/],
    ['a comma at the end', `k1:${keyOf(1)},`, /^entry 2 is not a key id, a colon and a key$/],
    ['several mistakes', `k.1:${keyOf(0)},k2`, /^entry 1 .*key id.*; entry 1 .*zeros.*; entry 2 is not/],
    ['nothing', undefined, /^is not set$/],
  ])('refuses %s', (_, value, problem) => {
    expect(problemsWith({ SESSION_KEYS: value })).toEqual({ SESSION_KEYS: expect.stringMatching(problem) });
  });
});
