import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stepUpFor, unmetStepUp } from '../../../shared/gateway/step-up.ts';
import { overlap } from '../../../shared/settings/route-overlap.ts';
import type { StepUpRule } from '../../../shared/settings/settings.ts';
import { TEST_EPOCH } from '../../support/ambient.ts';
import { MINUTE } from '../../support/records.ts';

const GET_ALL = { method: 'GET', pattern: '/me/**' };
const POST = { method: 'POST', pattern: '/me/messages' };
const rule = (more: Partial<StepUpRule> = {}): StepUpRule => ({
  routes: [POST],
  acrs: [],
  maxAgeSeconds: null,
  ...more,
});

describe('what a call asks for', () => {
  const RULES = [
    rule({ acrs: ['c1'], maxAgeSeconds: 600 }),
    rule({ routes: [GET_ALL, POST], acrs: ['c2', 'c1'], maxAgeSeconds: 300 }),
    rule({ routes: [GET_ALL], acrs: ['c3'] }),
  ];

  it('is nothing where no rule means it', () => {
    expect(stepUpFor(RULES, 'DELETE', '/me/messages')).toBeNull();
    expect(stepUpFor([], 'GET', '/me')).toBeNull();
  });

  it('is all that the rules ask for that mean it, and the shortest age', () => {
    expect(stepUpFor(RULES, 'POST', '/me/messages')).toEqual({ acrs: ['c1', 'c2'], maxAgeSeconds: 300 });
    expect(stepUpFor(RULES, 'GET', '/me')).toEqual({ acrs: ['c2', 'c1', 'c3'], maxAgeSeconds: 300 });
  });

  it.each(['/ME/Messages', '/me/MESSAGES', '/Me/%4Dessages'])(
    'cannot be got round by another spelling, of which an API may make the same: %s',
    (path) => {
      expect(stepUpFor(RULES, 'POST', path)).not.toBeNull();
    },
  );

  it('cannot be got round by HEAD, where GET is meant', () => {
    expect(stepUpFor(RULES, 'HEAD', '/me/photo')).toEqual(stepUpFor(RULES, 'GET', '/me/photo'));
  });

  it('is never less than any rule that means it asks for, in whatever order they stand', () => {
    const acrs = fc.uniqueArray(fc.constantFrom('c1', 'c2', 'c3', 'c4'));
    const maxAgeSeconds = fc.option(fc.integer({ min: 60, max: 10_000 }));
    const routes = fc.uniqueArray(fc.constantFrom(GET_ALL, POST), { minLength: 1 });
    const rules = fc.array(fc.record({ routes, acrs, maxAgeSeconds }), { maxLength: 6 });
    fc.assert(
      fc.property(rules, rules, (some, more) => {
        const asked = stepUpFor([...some, ...more], 'POST', '/me/messages');
        const meant = [...some, ...more].filter((each) => each.routes.some((route) => overlap(route, POST)));
        expect(asked === null).toBe(meant.length === 0);
        for (const each of meant) {
          expect(asked?.acrs).toEqual(expect.arrayContaining([...each.acrs]));
          expect(asked?.maxAgeSeconds ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(
            each.maxAgeSeconds ?? Number.POSITIVE_INFINITY,
          );
        }
        expect(new Set(asked?.acrs)).toEqual(new Set(meant.flatMap((each) => each.acrs)));
        const other = stepUpFor([...more, ...some], 'POST', '/me/messages');
        expect([other?.maxAgeSeconds, new Set(other?.acrs)]).toEqual([asked?.maxAgeSeconds, new Set(asked?.acrs)]);
      }),
    );
  });
});

describe('a session', () => {
  const RULES = [rule({ acrs: ['c1', 'c2'], maxAgeSeconds: 300 })];
  const ASKED = stepUpFor(RULES, 'POST', '/me/messages');
  const NOW = TEST_EPOCH;
  const GOOD = { acrs: ['c2', 'c3', 'c1'], authTime: NOW - 5 * MINUTE };
  const reasonFor = (assurance: Parameters<typeof unmetStepUp>[1], now = NOW) =>
    unmetStepUp(ASKED, assurance, now)?.reason ?? null;

  it('whose sign-in proved all of it may call, until its age is over, but for what clocks differ by', () => {
    expect(reasonFor(GOOD)).toBeNull();
    expect(reasonFor(GOOD, NOW + 2_000)).toBeNull();
    expect(reasonFor(GOOD, NOW + 2_001)).toBe('auth-time-too-old');
  });

  it.each<[string, Parameters<typeof unmetStepUp>[1], string]>([
    ['of which nothing is known', {}, 'acrs-unmet'],
    ['that met one of two contexts', { ...GOOD, acrs: ['c1'] }, 'acrs-unmet'],
    ['that met a context of a like name', { ...GOOD, acrs: ['c1', 'c22', 'C2', 'c2 '] }, 'acrs-unmet'],
    ['without the time of its sign-in', { acrs: GOOD.acrs }, 'auth-time-missing'],
  ])('%s may not', (_what, assurance, reason) => {
    expect(reasonFor(assurance)).toBe(reason);
  });

  it('is asked for all of it, not for what is missing alone: a sign-in starts from nothing', () => {
    const unmet = unmetStepUp(ASKED, { ...GOOD, acrs: ['c1'] }, NOW);
    expect(unmet?.stepUp).toEqual({ acrs: ['c1', 'c2'], maxAgeSeconds: 300 });
  });

  it('needs nothing more for other calls', () => {
    expect(unmetStepUp(stepUpFor(RULES, 'GET', '/me'), {}, NOW)).toBeNull();
  });
});
