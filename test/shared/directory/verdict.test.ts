import { describe, expect, it } from '@jest/globals';
import { verdictOn } from '../../../shared/directory/verdict.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const user = (changes = {}) => ({ accountEnabled: true, sessionsValidFrom: null, ...changes });

describe('what follows of how the directory has a user', () => {
  it.each([
    ['is not found', { outcome: 'not-found' as const }],
    ['is disabled', user({ accountEnabled: false })],
    ['is disabled, and was revoked before', user({ accountEnabled: false, sessionsValidFrom: NOW - DAY })],
  ])('ends all that began until Graph was asked where they are one who %s', (_, found) => {
    expect(verdictOn(found, NOW)).toEqual({ ends: 'all', asOf: NOW });
  });

  it('ends what began before a revocation, however long ago a session may have begun', () => {
    for (const asOf of [NOW - HOUR, NOW - 30 * DAY]) {
      expect(verdictOn(user({ sessionsValidFrom: asOf }), NOW)).toEqual({ ends: 'earlier', asOf });
    }
  });

  it('never counts from a moment that is still to come, which would keep people out', () => {
    expect(verdictOn(user({ sessionsValidFrom: NOW + HOUR }), NOW)).toEqual({ ends: 'earlier', asOf: NOW });
  });

  it.each([
    ['nobody revoked anything', null],
    ['the revocation is older than any session', NOW - 31 * DAY],
  ])('ends nothing where %s', (_, sessionsValidFrom) => {
    expect(verdictOn(user({ sessionsValidFrom }), NOW)).toEqual({ ends: 'nothing' });
  });
});
