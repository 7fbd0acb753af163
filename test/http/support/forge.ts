import { systemAmbient } from '../../../shared/ambient/system.ts';
import { createKeyring, type Keyring } from '../../../shared/seal/keyring.ts';
import { type SessionTicket, sealTicket } from '../../../shared/session/ticket.ts';
import { readBy } from '../../../shared/settings/schema.ts';
import { sessionKeys } from '../../../shared/settings/session-keys.ts';
import { type Attempt, attemptCookieName, openAttempt, sealAttempt } from '../../../shared/signin/attempt.ts';
import type { Browser } from './browser.ts';
import { type Row, sessionIdsIn } from './stored.ts';

/** The keyring that an application with these `SESSION_KEYS` and this client id has. */
export function keyringOf(keys: string, clientId: string): Keyring {
  const read = readBy(sessionKeys, keys);
  if (!read.ok) throw new Error('not session keys');
  return createKeyring(read.value, clientId, systemAmbient);
}

/** The name of the cookie that belongs to a callback's URL, or to an authorization request's. */
export function attemptCookieOf(url: string): string {
  return attemptCookieName(new URL(url).searchParams.get('state') ?? '');
}

/** Puts another attempt in the place of the one that a browser has, sealed as only the application could. */
export function forgeAttempt(
  keyring: Keyring,
  browser: Browser,
  origin: string,
  callback: string,
  changes: Partial<Attempt>,
): void {
  const name = attemptCookieOf(callback);
  const attempt = openAttempt(keyring, name, browser.cookie(origin, name) ?? '');
  if (attempt === null) throw new Error('the browser has no such attempt');
  const sealed = sealAttempt(keyring, { ...attempt, ...changes });
  browser.jar.store(new URL(origin).hostname, [`${name}=${sealed}; Path=/; Secure; HttpOnly; SameSite=Lax`]);
}

/** A session cookie for a session that stands, with a secret that is not its own. */
export function forgeSessionCookie(keyring: Keyring, row: Row | undefined): string {
  const [sessionId] = sessionIdsIn(row);
  const ticket = { account: row?.partitionKey, sessionId, secret: 'a-secret', tombstone: 'a-tombstone' };
  return sealTicket(keyring, ticket as unknown as SessionTicket);
}
