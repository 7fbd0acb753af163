import { ATTEMPT_COOKIE_PREFIX, SESSION_COOKIE } from './cookie-names.ts';
import type { Cookie, IncomingRequest } from './message.ts';

/** Our own cookies in a request, by name. Of two of the same name the first counts, as browsers order them. */
export function ownCookies(request: IncomingRequest): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    // A cookie without a name, which no `__Host-` rule keeps a sibling domain from setting, is not ours whatever it holds.
    if (at < 0) continue;
    const name = pair.slice(0, at).trim();
    if (name !== SESSION_COOKIE && !name.startsWith(ATTEMPT_COOKIE_PREFIX)) continue;
    if (!cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim());
  }
  return cookies;
}

export function sessionCookie(value: string): Cookie {
  return { name: SESSION_COOKIE, value, sameSite: 'Lax', maxAgeSeconds: null };
}

export function deletedCookie(name: string, sameSite: Cookie['sameSite'] = 'Lax'): Cookie {
  return { name: name as Cookie['name'], value: '', sameSite, maxAgeSeconds: 0 };
}
