import type { AccountKey } from '../account/account-key.ts';
import type { IndexKey } from '../account/index-key.ts';
import { parseSessionId, type SessionId } from '../account/session-record.ts';
import { SESSION_COOKIE } from '../http/cookie-names.ts';
import type { Keyring } from '../seal/keyring.ts';

/** What the session cookie carries, sealed: where the session is, and the secret that proves it was issued here. */
export interface SessionTicket {
  readonly account: AccountKey;
  readonly sessionId: SessionId;
  readonly secret: string;
  /** What its own sign-out buries: the `sid`, or the account where the OP gives none; hashed, and known without asking the OP. */
  readonly tombstone: IndexKey;
}

const PLACE = { purpose: 'session-cookie', subject: '', location: [SESSION_COOKIE] } as const;
/** Longer than any ticket: a longer cookie is refused before any work is done on it. */
const COOKIE_CHARACTERS_MAX = 2_048;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

export function sealTicket(keyring: Keyring, ticket: SessionTicket): string {
  const { account, sessionId, secret, tombstone } = ticket;
  const sealed = keyring.seal(PLACE, Buffer.from(JSON.stringify([account, sessionId, secret, tombstone])));
  return Buffer.from(sealed).toString('base64url');
}

/** Null for a cookie that was not issued here, told without any I/O (G8). */
export function openTicket(keyring: Keyring, cookie: string): SessionTicket | null {
  if (cookie.length > COOKIE_CHARACTERS_MAX || !BASE64URL.test(cookie)) return null;
  const opened = keyring.open(PLACE, Buffer.from(cookie, 'base64url'));
  if (opened.outcome !== 'opened') return null;
  const [account, id, secret, tombstone] = JSON.parse(Buffer.from(opened.plaintext).toString('utf8')) as string[];
  const sessionId = parseSessionId(id ?? '');
  if (!account || sessionId === null || !secret || !tombstone) return null;
  return { account: account as AccountKey, sessionId, secret, tombstone: tombstone as IndexKey };
}
