import { ATTEMPT_COOKIE_PREFIX, SESSION_COOKIE, SIGNED_OUT_COOKIE } from './cookie-names.ts';
import type { Cookie, IncomingRequest } from './message.ts';

/**
 * White space around a cookie's name and value is SP and HTAB alone (RFC 6265 section 4.2.1). That at the end is looked for from its
 * beginning only: from each blank of a long run within a value it took the square of that, and anybody can send one.
 */
const AROUND = /^[ \t]+|(?<![ \t])[ \t]+$/g;

const OWN: readonly string[] = [SESSION_COOKIE, SIGNED_OUT_COOKIE];
/**
 * What an attempt's name may be made of. Of another none could be taken away: where `Set-Cookie` cannot have it, the Functions
 * library throws in place of answering, and whoever asked waits until the host gives them up.
 */
const ATTEMPT = new RegExp(`^${ATTEMPT_COOKIE_PREFIX}[\\w-]+$`);
/** As long as an OP's session may go on by itself where nobody has ended it there: a day at Entra ID. */
const SIGNED_OUT_SECONDS = 24 * 3_600;

/**
 * Our own cookies in a request, by name. What a sibling domain can set must not pass for ours: browsers keep the `__Host-`
 * rules for names that begin so to the byte (`trim` would also take away U+00A0), and by those rules no two cookies of one
 * name can be there, so that of two neither is believed.
 */
export function ownCookies(request: IncomingRequest): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  const twice = new Set<string>();
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    // A cookie without a name, which no `__Host-` rule keeps a sibling domain from setting, is not ours whatever it holds.
    if (at < 0) continue;
    const name = pair.slice(0, at).replace(AROUND, '');
    if (!OWN.includes(name) && !ATTEMPT.test(name)) continue;
    if (cookies.has(name)) twice.add(name);
    cookies.set(name, pair.slice(at + 1).replace(AROUND, ''));
  }
  for (const name of twice) cookies.delete(name);
  return cookies;
}

export function sessionCookie(value: string): Cookie {
  return { name: SESSION_COOKIE, value, sameSite: 'Lax', maxAgeSeconds: null };
}

/** Holds nothing: that it is there is all it says. */
export function signedOutCookie(): Cookie {
  return { name: SIGNED_OUT_COOKIE, value: '1', sameSite: 'Lax', maxAgeSeconds: SIGNED_OUT_SECONDS };
}

export function deletedCookie(name: string, sameSite: Cookie['sameSite'] = 'Lax'): Cookie {
  return { name: name as Cookie['name'], value: '', sameSite, maxAgeSeconds: 0 };
}
