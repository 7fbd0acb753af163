import type { Keyring, SealPlace } from '../seal/keyring.ts';
import type { SignOut } from './sign-out.ts';

/** A message of the retry queue. Nothing in it is in clear but what a reader of the queue may know. */
export interface RetryMessage {
  /** The application it belongs to, as a keyless hash: several may share a queue. */
  readonly application: string;
  /** When the sign-out was first queued, milliseconds since the epoch. */
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
  return Buffer.from(keyring.seal(PLACE, Buffer.from(JSON.stringify(signOut)))).toString('base64url');
}

export function openSignOut(keyring: Keyring, sealed: string): OpenedRetry {
  const opened = keyring.open(PLACE, Buffer.from(sealed, 'base64url'));
  if (opened.outcome === 'forged') return opened;
  if (opened.outcome !== 'opened') return { outcome: 'elsewhere' };
  const signOut = JSON.parse(Buffer.from(opened.plaintext).toString('utf8')) as SignOut;
  // A kind that this version does not know was queued by a newer one, beside which it runs for a while.
  return signOut.kind === 'target' || signOut.kind === 'own'
    ? { outcome: 'opened', signOut }
    : { outcome: 'elsewhere' };
}

/** Null for what is no message of ours at all. @param message the text, or what the Functions library made of it, being JSON */
export function parseRetryMessage(message: unknown): RetryMessage | null {
  const value = typeof message === 'string' ? parseJson(message) : message;
  if (typeof value !== 'object' || value === null) return null;
  const { application, queuedAt, tries, sealed } = value as Partial<Record<keyof RetryMessage, unknown>>;
  if (typeof application !== 'string' || typeof sealed !== 'string') return null;
  if (!Number.isSafeInteger(queuedAt) || !Number.isSafeInteger(tries)) return null;
  return { application, queuedAt: queuedAt as number, tries: tries as number, sealed };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
