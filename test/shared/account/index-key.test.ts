import { describe, expect, it } from '@jest/globals';
import { indexKey } from '../../../shared/account/index-key.ts';

describe('the index key of a sign-out target', () => {
  const key = indexKey('app', 'https://op.example', { kind: 'sid', value: 'S1' });

  it('is a hash, so that no OP session id is stored', () => {
    expect(key).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['client', indexKey('app2', 'https://op.example', { kind: 'sid', value: 'S1' })],
    ['issuer', indexKey('app', 'https://op2.example', { kind: 'sid', value: 'S1' })],
    ['kind', indexKey('app', 'https://op.example', { kind: 'sub', value: 'S1' })],
    ['value', indexKey('app', 'https://op.example', { kind: 'sid', value: 'S2' })],
    ['cut between its parts', indexKey('app","https://op.example', '', { kind: 'sid', value: 'S1' })],
  ])('is another for another %s', (_, other) => {
    expect(other).not.toBe(key);
  });

  it('does not exist for an empty value: an empty filter is an error', () => {
    expect(() => indexKey('app', 'https://op.example', { kind: 'sid', value: '' })).toThrow(RangeError);
  });
});
