import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_HINTS } from '../../../shared/oidc/authorization-url.ts';
import {
  ATTEMPTS_MAX,
  type Attempt,
  attemptCookieName,
  codeChallenge,
  crowdedOut,
  isExpired,
  openAttempt,
  sealAttempt,
  startAttempt,
} from '../../../shared/signin/attempt.ts';
import { type LocalPath, parseReturnTo } from '../../../shared/signin/return-to.ts';
import { createTestAmbient } from '../../support/ambient.ts';
import { testKeyring } from '../../support/keyring.ts';
import { MINUTE } from '../../support/records.ts';

const ambient = createTestAmbient();
const keyring = testKeyring(['k1'], ambient);
const WISHES = {
  returnTo: '/deep?a=1' as LocalPath,
  scopes: ['openid'],
  replaces: null,
  hints: NO_HINTS,
  again: false,
};

const cookieOf = (attempt: Attempt): [string, string] => [
  attemptCookieName(attempt.state),
  sealAttempt(keyring, attempt),
];

describe('a sign-in attempt', () => {
  it('has state, nonce and code_verifier of its own, 256 bits each, that no other attempt has', () => {
    const [one, other] = [startAttempt(ambient, WISHES), startAttempt(ambient, WISHES)];
    const secrets = [one, other].flatMap(({ state, nonce, codeVerifier }) => [state, nonce, codeVerifier]);
    expect(new Set(secrets).size).toBe(6);
    for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  });

  it('that goes round again has fresh ones too', () => {
    const first = startAttempt(ambient, WISHES);
    const second = startAttempt(ambient, { ...first, again: true });
    expect(second).toMatchObject({ returnTo: first.returnTo, scopes: first.scopes, again: true });
    expect(second.state).not.toBe(first.state);
    expect(second.nonce).not.toBe(first.nonce);
    expect(second.codeVerifier).not.toBe(first.codeVerifier);
  });

  it('has a code_verifier as RFC 7636 has it, and its challenge', () => {
    expect(startAttempt(ambient, WISHES).codeVerifier).toMatch(/^[A-Za-z0-9._~-]{43,128}$/);
    // RFC 7636 appendix B.
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    expect(codeChallenge(verifier)).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });

  it('expires after ten minutes', () => {
    const attempt = startAttempt(ambient, WISHES);
    expect(isExpired(attempt, attempt.startedAt + 10 * MINUTE - 1)).toBe(false);
    expect(isExpired(attempt, attempt.startedAt + 10 * MINUTE)).toBe(true);
  });
});

describe("an attempt's cookie", () => {
  const attempt = startAttempt(ambient, WISHES);
  const [name, cookie] = cookieOf(attempt);

  it('opens under its own name', () => expect(openAttempt(keyring, name, cookie)).toEqual(attempt));

  it('opens under no other: an attacker cannot pass their attempt off as a victim’s', () => {
    expect(openAttempt(keyring, attemptCookieName('another state'), cookie)).toBeNull();
    expect(openAttempt(keyring, '__Host-session', cookie)).toBeNull();
  });

  it('has a name that does not show its state and is legal in a header', () => {
    expect(name).toMatch(/^__Host-signin-[A-Za-z0-9_-]{16}$/);
    expect(name).not.toContain(attempt.state.slice(0, 8));
  });

  it('shows nothing of what it holds', () => {
    const bytes = Buffer.from(cookie, 'base64url').toString('latin1');
    for (const secret of [attempt.state, attempt.nonce, attempt.codeVerifier]) expect(bytes).not.toContain(secret);
  });

  it('is refused whatever a stranger puts into it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(openAttempt(keyring, name, text)).toBeNull();
      }),
    );
    expect(openAttempt(keyring, name, 'A'.repeat(1_000_000))).toBeNull();
  });

  it('stays within what browsers keep for the longest return address that is accepted', () => {
    for (const unit of ['a', 'ä', '漢', '😀']) {
      for (let length = 1_024; length > 0; length = Math.floor(length / 2)) {
        const returnTo = parseReturnTo(`/${unit.repeat(length)}`);
        if (returnTo === null) continue;
        const [longName, longCookie] = cookieOf({ ...attempt, returnTo });
        expect(`${longName}=${longCookie}`.length).toBeLessThanOrEqual(4_096);
        expect(openAttempt(keyring, longName, longCookie)?.returnTo).toBe(returnTo);
      }
    }
  });
});

describe('several tabs that sign in at once', () => {
  const tabs = (count: number) =>
    Array.from({ length: count }, () => {
      ambient.advance(1_000);
      return startAttempt(ambient, WISHES);
    });

  it('each keep their attempt while there are few', () => {
    const cookies = new Map(tabs(ATTEMPTS_MAX - 1).map(cookieOf));
    expect(crowdedOut(keyring, cookies, ambient.now(), 0)).toEqual([]);
  });

  it('are five at most with the new one: the oldest make way, whatever order the browser sends them in', () => {
    const attempts = tabs(8);
    const cookies = new Map(attempts.toReversed().map(cookieOf));
    const leaving = crowdedOut(keyring, cookies, ambient.now(), 0);
    expect(leaving.toSorted()).toEqual(
      attempts
        .slice(0, 4)
        .map(({ state }) => attemptCookieName(state))
        .toSorted(),
    );
  });

  it('leave room for all else that a request carries, however long their attempts are', () => {
    const cookies = new Map<string, string>();
    for (let tab = 0; tab < 8; tab += 1) {
      ambient.advance(1_000);
      const hints = { ...NO_HINTS, claims: 'c'.repeat(1_000) };
      const attempt = startAttempt(ambient, { ...WISHES, returnTo: `/${'x'.repeat(1_000)}` as LocalPath, hints });
      const [name, cookie] = cookieOf(attempt);
      const leaving = crowdedOut(keyring, cookies, ambient.now(), name.length + cookie.length);
      for (const crowded of leaving) cookies.delete(crowded);
      cookies.set(name, cookie);
      expect(openAttempt(keyring, name, cookies.get(name) ?? '')).toEqual(attempt);
    }
    const header = [...cookies].map((pair) => pair.join('=')).join('; ');
    // Node's servers answer 431 to more than 16 KiB of headers: half is for the session's cookie, the address and the platform.
    expect(header.length).toBeLessThanOrEqual(8 * 1_024);
    expect(cookies.size).toBeGreaterThan(1);
  });

  it('lose those that expired, and those that were not sealed here', () => {
    const [old] = tabs(1);
    ambient.advance(10 * MINUTE);
    const [young] = tabs(1);
    if (!old || !young) throw new Error('two tabs');
    const cookies = new Map([cookieOf(old), cookieOf(young), ['__Host-signin-forged', 'forged']]);
    const leaving = crowdedOut(keyring, cookies, ambient.now(), 0);
    expect(leaving.toSorted()).toEqual([attemptCookieName(old.state), '__Host-signin-forged'].toSorted());
  });

  it('leave the session cookie alone', () => {
    expect(crowdedOut(keyring, new Map([['__Host-session', 'anything']]), ambient.now(), 0)).toEqual([]);
  });

  it('stays small enough for browsers to keep: hints that are too long stay behind', () => {
    const hints = { ...NO_HINTS, claims: 'c'.repeat(2_048) };
    const attempt = startAttempt(createTestAmbient(), {
      ...WISHES,
      returnTo: `/${'x'.repeat(1_000)}` as LocalPath,
      hints,
    });
    const name = attemptCookieName(attempt.state);
    const sealed = sealAttempt(testKeyring(), attempt);
    expect(name.length + sealed.length).toBeLessThan(4_096);
    expect(openAttempt(testKeyring(), name, sealed)).toEqual({ ...attempt, hints: NO_HINTS });
  });
});

describe('what a sign-in has to prove', () => {
  it('never stays behind for want of room: without it the answer would be held to nothing', () => {
    const stepUp = { acrs: ['c1'.padEnd(64, 'x'), 'c2'.padEnd(64, 'x'), 'c3'.padEnd(64, 'x')], maxAgeSeconds: 300 };
    const attempt = startAttempt(createTestAmbient(), {
      ...WISHES,
      returnTo: `/${'x'.repeat(1_000)}` as LocalPath,
      hints: { ...NO_HINTS, claims: 'c'.repeat(2_048) },
      stepUp,
    });
    const [name, cookie] = cookieOf(attempt);
    expect(`${name}=${cookie}`.length).toBeLessThanOrEqual(4_096);
    expect(openAttempt(keyring, name, cookie)).toMatchObject({ stepUp, hints: NO_HINTS });
  });

  it.each([
    ['none', null],
    ['contexts in a text', { acrs: 'c1', maxAgeSeconds: null }],
    ['no age', { acrs: ['c1'] }],
    ['half an age', { acrs: [], maxAgeSeconds: 0.5 }],
  ])('is nothing in another form, and the attempt none: %s', (_what, stepUp) => {
    const attempt = { ...startAttempt(ambient, WISHES), stepUp } as unknown as Attempt;
    const [name, cookie] = cookieOf(attempt);
    expect(openAttempt(keyring, name, cookie)).toBeNull();
  });
});
