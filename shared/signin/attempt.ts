import { createHash } from 'node:crypto';
import { ATTEMPT_MINUTES } from '../account/attempt-life.ts';
import type { Ambient } from '../ambient/ambient.ts';
import { ATTEMPT_COOKIE_PREFIX } from '../http/cookie-names.ts';
import { NO_HINTS, type SigninHints } from '../oidc/authorization-url.ts';
import type { Keyring, SealPlace } from '../seal/keyring.ts';
import { parseJson, sealedBytes, sealedText } from '../seal/sealed-text.ts';
import { isTicket, type SessionTicket } from '../session/ticket.ts';
import type { StepUp } from '../settings/settings.ts';
import type { LocalPath } from './return-to.ts';

/** Tabs that may sign in at once; more, and the oldest attempt makes way, so that request headers stay small. */
export const ATTEMPTS_MAX = 5;
/**
 * What the cookies of all attempts may come to with the new one: Node's servers answer 431 to a request with more than 16 KiB of
 * headers, the sign-in that would mend it too. A callback needs the other half: its address has the code, 1.5 KB at Entra ID, and
 * Azure's front end says the address twice more.
 */
const ATTEMPTS_CHARACTERS_MAX = 8_000;

const COOKIE_CHARACTERS_MAX = 4_000;

/** What a sign-in attempt must still know at the callback. It travels sealed in its own cookie: nothing is stored for it. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly returnTo: LocalPath;
  /** The scopes asked for. */
  readonly scopes: readonly string[];
  /** The name of the API that it is for. */
  readonly api?: string | undefined;
  /** The names of all for which the person has signed in in this browser: see `signinScopes`. */
  readonly apis?: readonly string[];
  /** When it set out, milliseconds since the epoch. */
  readonly startedAt: number;
  /** The session that the browser had then: the callback ends it. */
  readonly replaces: SessionTicket | null;
  /** What the OP was asked for beyond the scopes: asked again where the browser is sent round. */
  readonly hints: SigninHints;
  /** What the sign-in has to prove beyond who it is: the answer is held to it. */
  readonly stepUp?: StepUp;
  /** Whether it has been sent round already because a sign-out came between. */
  readonly again: boolean;
}

/** A new attempt with fresh `state`, `nonce` and `code_verifier`, 256 bits each (RFC 7636 section 7.1). */
export function startAttempt(
  ambient: Pick<Ambient, 'now' | 'randomBytes'>,
  wishes: Pick<Attempt, 'returnTo' | 'scopes' | 'api' | 'apis' | 'replaces' | 'hints' | 'stepUp' | 'again'>,
): Attempt {
  const random = () => Buffer.from(ambient.randomBytes(32)).toString('base64url');
  return { ...wishes, state: random(), nonce: random(), codeVerifier: random(), startedAt: ambient.now() };
}

/** PKCE's S256 (RFC 7636 section 4.2). */
export function codeChallenge(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}

/** The name of an attempt's cookie follows from its state: several tabs have several cookies, and a callback finds its own. */
export function attemptCookieName(state: string): string {
  return `${ATTEMPT_COOKIE_PREFIX}${createHash('sha256').update(state).digest('base64url').slice(0, 16)}`;
}

/** Of a cookie beyond 4 KB, name and all, browsers keep nothing; hints that would make it one stay behind. */
export function sealAttempt(keyring: Keyring, attempt: Attempt): string {
  const seal = (content: Attempt): string =>
    sealedText(keyring.seal(place(attemptCookieName(attempt.state)), Buffer.from(JSON.stringify(content))));
  const sealed = seal(attempt);
  return sealed.length <= COOKIE_CHARACTERS_MAX ? sealed : seal({ ...attempt, hints: NO_HINTS });
}

/** Null where the cookie was not sealed here for this name. */
export function openAttempt(keyring: Keyring, cookieName: string, cookie: string): Attempt | null {
  if (cookie.length > COOKIE_CHARACTERS_MAX) return null;
  const sealed = sealedBytes(cookie);
  const opened = sealed && keyring.open(place(cookieName), sealed);
  if (opened?.outcome !== 'opened') return null;
  const content = parseJson(opened.plaintext);
  return isAttempt(content) ? content : null;
}

/** Whether what was sealed here has the form that this version knows; what a later one adds to it is its own. */
function isAttempt(value: unknown): value is Attempt {
  if (typeof value !== 'object' || value === null) return false;
  const { state, nonce, codeVerifier, returnTo, scopes, startedAt, replaces, hints, stepUp, again } = value as Partial<
    Record<keyof Attempt, unknown>
  >;
  return (
    [state, nonce, codeVerifier, returnTo].every((text) => typeof text === 'string') &&
    Array.isArray(scopes) &&
    scopes.every((scope) => typeof scope === 'string') &&
    Number.isSafeInteger(startedAt) &&
    (replaces === null || isTicket(replaces)) &&
    isHints(hints) &&
    (stepUp === undefined || isStepUp(stepUp)) &&
    typeof again === 'boolean'
  );
}

function isStepUp(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { acrs, maxAgeSeconds } = value as Partial<Record<keyof StepUp, unknown>>;
  return (
    Array.isArray(acrs) &&
    acrs.every((acr) => typeof acr === 'string') &&
    (maxAgeSeconds === null || Number.isSafeInteger(maxAgeSeconds))
  );
}

function isHints(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const hints = value as Partial<Record<keyof SigninHints, unknown>>;
  const names = Object.keys(NO_HINTS) as (keyof SigninHints)[];
  return names.every((name) => hints[name] === null || typeof hints[name] === 'string');
}

export function isExpired(attempt: Attempt, now: number): boolean {
  return now >= attempt.startedAt + ATTEMPT_MINUTES * 60_000;
}

/**
 * The attempt cookies that make way for one more: those that are not ours or have expired, and the oldest over the limits.
 *
 * @param characters of the new one's cookie, its name among them
 */
export function crowdedOut(
  keyring: Keyring,
  cookies: ReadonlyMap<string, string>,
  now: number,
  characters: number,
): string[] {
  const attempts = [...cookies]
    .filter(([name]) => name.startsWith(ATTEMPT_COOKIE_PREFIX))
    .map(([name, cookie]) => ({ name, cookie, attempt: openAttempt(keyring, name, cookie) }));
  const dead = attempts.filter(({ attempt }) => attempt === null || isExpired(attempt, now));
  const living = attempts
    .filter((entry) => !dead.includes(entry))
    .toSorted((a, b) => (b.attempt?.startedAt ?? 0) - (a.attempt?.startedAt ?? 0));
  let sum = characters;
  const staying = living.slice(0, ATTEMPTS_MAX - 1).filter(({ name, cookie }) => {
    sum += name.length + cookie.length;
    return sum <= ATTEMPTS_CHARACTERS_MAX;
  });
  return [...dead, ...living.slice(staying.length)].map(({ name }) => name);
}

function place(cookieName: string): SealPlace {
  return { purpose: 'signin-cookie', subject: '', location: [cookieName] };
}
