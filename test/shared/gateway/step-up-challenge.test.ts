import { describe, expect, it } from '@jest/globals';
import { stepUpChallenge, unmetChallenge } from '../../../shared/gateway/step-up-challenge.ts';
import { TEST_EPOCH } from '../../support/ambient.ts';
import { MINUTE } from '../../support/records.ts';

const KNOWN = new Set(['c1', 'urn:example:gold']);
const read = (parameters: string, scheme = 'Bearer') => stepUpChallenge(`${scheme} ${parameters}`, KNOWN);
const ERROR = 'error="insufficient_user_authentication"';

describe('a challenge that asks for another sign-in', () => {
  it.each([
    // RFC 9470 section 3, figure 2, but for the context.
    [`${ERROR}, error_description="More recent authentication is required", max_age="5"`, [], 5],
    [`${ERROR}, acr_values="c1"`, ['c1'], null],
    [`${ERROR}, max_age=0, acr_values="urn:example:gold c1"`, ['urn:example:gold', 'c1'], 0],
    // One is wanted of these: those that nobody here knows make way.
    [`realm="x", ${ERROR}, acr_values="c9 c1 c1 phr"`, ['c1'], null],
  ])('says what: %s', (parameters, anyOf, maxAgeSeconds) => {
    expect(read(parameters)).toEqual({ anyOf, maxAgeSeconds });
    expect(read(parameters, 'DPoP algs="ES256",')).toEqual({ anyOf, maxAgeSeconds });
    expect(stepUpChallenge(['Basic realm="x"', `bearer ${parameters}`], KNOWN)).toEqual({ anyOf, maxAgeSeconds });
  });

  it.each([
    ['nothing at all', ERROR],
    ['contexts that the API’s settings do not name', `${ERROR}, acr_values="c9"`],
    ['such, beside an age', `${ERROR}, acr_values="c9", max_age="300"`],
    ['no context', `${ERROR}, acr_values=""`],
    ['a context in another case', `${ERROR}, acr_values="C1"`],
    ['an age that is no number', `${ERROR}, acr_values="c1", max_age="soon"`],
    ['an age below zero', `${ERROR}, max_age="-1"`],
    ['an age beyond all that settings take', `${ERROR}, max_age="2592001"`],
    ['an age that no number holds', `${ERROR}, max_age="${'9'.repeat(400)}"`],
    ['another error', 'error="invalid_token", acr_values="c1"'],
    ['two ages', `${ERROR}, max_age="5", max_age="300"`],
  ])('is none where it asks for %s', (_what, parameters) => {
    expect(read(parameters)).toBeNull();
  });

  it('is none of another scheme, or where there is none', () => {
    expect(read(`${ERROR}, acr_values="c1"`, 'Basic')).toBeNull();
    expect(stepUpChallenge(undefined, KNOWN)).toBeNull();
  });
});

describe('what a challenge asks of a session', () => {
  const NOW = TEST_EPOCH;
  const BOTH = { anyOf: ['c1', 'c2'], maxAgeSeconds: 300 };
  const RECENT = NOW - MINUTE;

  it('is the preferred context, where its sign-in met none of them', () => {
    const unmet = unmetChallenge(BOTH, { acrs: ['c3'], authTime: RECENT }, NOW);
    expect(unmet).toEqual({ stepUp: { acrs: ['c1'], maxAgeSeconds: 300 }, reason: 'acrs-unmet' });
  });

  it('is the one that it met, where it did so too long ago', () => {
    const unmet = unmetChallenge(BOTH, { acrs: ['c2'], authTime: NOW - 6 * MINUTE }, NOW);
    expect(unmet).toEqual({ stepUp: { acrs: ['c2'], maxAgeSeconds: 300 }, reason: 'auth-time-too-old' });
  });

  it('is nothing where it proved all of it, by whichever context', () => {
    expect(unmetChallenge(BOTH, { acrs: ['c2'], authTime: RECENT }, NOW)).toBeNull();
    expect(unmetChallenge({ anyOf: [], maxAgeSeconds: 300 }, { authTime: RECENT }, NOW)).toBeNull();
  });
});
