import { parseAccountKey } from '../account/account-key.ts';
import { parseSessionId } from '../account/session-record.ts';
import type { Keyring, SealPlace } from '../seal/keyring.ts';
import { parseJson, sealedBytes, sealedText } from '../seal/sealed-text.ts';
import { isTicket } from '../session/ticket.ts';
import type { SignOut } from './sign-out.ts';
import type { SessionProved } from './sign-out-own.ts';

/** A message of the retry queue. Nothing in it is in clear but what a reader of the queue may know. */
export interface RetryMessage {
  /** The application it belongs to, as a keyless hash: several may share a queue. */
  readonly application: string;
  /** When it was last put there by an instance that could open it, milliseconds since the epoch. */
  readonly queuedAt: number;
  /** How often it was taken from the queue and put back. */
  readonly tries: number;
  /** The {@link SignOut}, sealed: nobody else can make one, read one, or change one. */
  readonly sealed: string;
}

export type OpenedRetry =
  | { readonly outcome: 'opened'; readonly signOut: SignOut }
  /** Under a key or in a format that another instance may know. */
  | { readonly outcome: 'elsewhere' }
  | { readonly outcome: 'forged' };

const PLACE: SealPlace = { purpose: 'signout-retry', subject: '', location: ['signout-retry'] };

export function sealSignOut(keyring: Keyring, signOut: SignOut): string {
  return sealedText(keyring.seal(PLACE, Buffer.from(JSON.stringify(signOut))));
}

export function openSignOut(keyring: Keyring, sealed: string): OpenedRetry {
  const bytes = sealedBytes(sealed);
  const opened = bytes === null ? ({ outcome: 'forged' } as const) : keyring.open(PLACE, bytes);
  if (opened.outcome === 'forged') return opened;
  if (opened.outcome !== 'opened') return { outcome: 'elsewhere' };
  const signOut = parseJson(opened.plaintext);
  // What this version does not know was queued by a newer one, beside which it runs for a while.
  return isSignOut(signOut) ? { outcome: 'opened', signOut } : { outcome: 'elsewhere' };
}

function isSignOut(value: unknown): value is SignOut {
  if (typeof value !== 'object' || value === null) return false;
  const { receivedAt, asOf, scope } = value as Partial<Record<string, unknown>>;
  if (!Number.isSafeInteger(receivedAt) || (asOf !== undefined && !Number.isSafeInteger(asOf))) return false;
  return namesSomething(value) && (scope === 'account' || scope === 'session');
}

function namesSomething(value: Partial<Record<string, unknown>>): boolean {
  const { kind, index, account, sessionId, ticket, asker, proved } = value;
  switch (kind) {
    case 'target':
      return isFilled(index);
    case 'account':
      return isFilled(index) && parseAccountKey(account) !== null;
    case 'session':
      if (asker !== undefined && !isTicket(asker)) return false;
      return typeof sessionId === 'string' && parseSessionId(sessionId) !== null && parseAccountKey(account) !== null;
    case 'own':
      return isTicket(ticket) && (proved === null || isProved(proved));
    default:
      return false;
  }
}

/** By a proof of another form nobody would be named, and nothing would end that was promised to. */
function isProved(value: unknown): value is SessionProved {
  if (typeof value !== 'object' || value === null) return false;
  const { sessionId, sid, loginHint } = value as Partial<Record<keyof SessionProved, unknown>>;
  return (
    typeof sessionId === 'string' &&
    parseSessionId(sessionId) !== null &&
    (sid === undefined || sid === null || typeof sid === 'string') &&
    (loginHint === null || typeof loginHint === 'string')
  );
}

const isFilled = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Null for what is no message of ours at all. @param message the text, or what the Functions library made of it, being JSON */
export function parseRetryMessage(message: unknown): RetryMessage | null {
  const value = typeof message === 'string' ? parseJson(Buffer.from(message)) : message;
  if (typeof value !== 'object' || value === null) return null;
  const { application, queuedAt, tries, sealed } = value as Partial<Record<keyof RetryMessage, unknown>>;
  if (typeof application !== 'string' || typeof sealed !== 'string') return null;
  if (!Number.isSafeInteger(queuedAt) || !Number.isSafeInteger(tries)) return null;
  return { application, queuedAt: queuedAt as number, tries: tries as number, sealed };
}
