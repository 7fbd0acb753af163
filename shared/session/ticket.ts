import { type AccountKey, parseAccountKey } from '../account/account-key.ts';
import type { IndexKey } from '../account/index-key.ts';
import { parseSessionId, type SessionId } from '../account/session-record.ts';
import { SESSION_COOKIE } from '../http/cookie-names.ts';
import type { Keyring } from '../seal/keyring.ts';
import { parseJson, sealedBytes, sealedText } from '../seal/sealed-text.ts';

/** What the session cookie carries, sealed: where the session is, and the secret that proves it was issued here. */
export interface SessionTicket {
  readonly account: AccountKey;
  readonly sessionId: SessionId;
  readonly secret: string;
  /** What its own sign-out buries: the `sid`, or the account where the OP gives none; hashed, and known without asking the OP. */
  readonly tombstone: IndexKey;
  /** The names of the APIs for whose sake the person signed in: what they consented to for one, a sign-in for another keeps. */
  readonly apis?: readonly string[];
}

const PLACE = { purpose: 'session-cookie', subject: '', location: [SESSION_COOKIE] } as const;
/** Longer than any ticket: a longer cookie is refused before any work is done on it. */
const COOKIE_CHARACTERS_MAX = 2_048;

export function sealTicket(keyring: Keyring, ticket: SessionTicket): string {
  const { account, sessionId, secret, tombstone, apis } = ticket;
  const content = [account, sessionId, secret, tombstone, ...(apis === undefined ? [] : [apis])];
  return sealedText(keyring.seal(PLACE, Buffer.from(JSON.stringify(content))));
}

/** Null for a cookie that was not issued here, told without any I/O (G8). */
export function openTicket(keyring: Keyring, cookie: string): SessionTicket | null {
  if (cookie.length > COOKIE_CHARACTERS_MAX) return null;
  const sealed = sealedBytes(cookie);
  const opened = sealed && keyring.open(PLACE, sealed);
  if (opened?.outcome !== 'opened') return null;
  const content = parseJson(opened.plaintext);
  if (!Array.isArray(content)) return null;
  // What a later version adds behind them is its own.
  const [account, sessionId, secret, tombstone, apis] = content;
  const ticket: unknown = { account, sessionId, secret, tombstone, ...(isNames(apis) && { apis }) };
  return isTicket(ticket) ? ticket : null;
}

/** Enough to end its session by. */
export function withoutApis({ apis: _apis, ...ticket }: SessionTicket): SessionTicket {
  return ticket;
}

/** Whether what was sealed here is a ticket in the form that this version knows. */
export function isTicket(value: unknown): value is SessionTicket {
  if (typeof value !== 'object' || value === null) return false;
  const { account, sessionId, secret, tombstone } = value as Partial<Record<keyof SessionTicket, unknown>>;
  return (
    parseAccountKey(account) !== null &&
    typeof sessionId === 'string' &&
    parseSessionId(sessionId) !== null &&
    isFilled(secret) &&
    isFilled(tombstone)
  );
}

const isNames = (value: unknown): boolean => Array.isArray(value) && value.every(isFilled);

const isFilled = (value: unknown): boolean => typeof value === 'string' && value !== '';
