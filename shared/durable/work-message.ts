import { createHash } from 'node:crypto';
import type { Keyring, SealPlace } from '../seal/keyring.ts';
import { parseJson, sealedBytes, sealedText } from '../seal/sealed-text.ts';

/** A message of a queue of ours. Nothing in it is in clear but what a reader of the queue may know. */
export interface WorkMessage {
  /** The application it belongs to, as a keyless hash: several may share a queue. */
  readonly application: string;
  /** When it was last put there by an instance that could open it, milliseconds since the epoch. */
  readonly queuedAt: number;
  /** How often it was taken from the queue and put back. */
  readonly tries: number;
  /** The work, sealed: nobody else can make one, read one, or change one. */
  readonly sealed: string;
}

/** What one queue of ours holds. */
export interface WorkKind<W> {
  readonly place: SealPlace;
  /** False for what this version does not know: it was queued by a newer one, beside which it runs for a while. */
  readonly isWork: (value: unknown) => value is W;
}

export type OpenedWork<W> =
  | { readonly outcome: 'opened'; readonly work: W }
  /** Under a key or in a format that another instance may know. */
  | { readonly outcome: 'elsewhere' }
  | { readonly outcome: 'forged' };

export function sealWork<W>(keyring: Keyring, { place }: WorkKind<W>, work: W): string {
  return sealedText(keyring.seal(place, Buffer.from(JSON.stringify(work))));
}

export function openWork<W>(keyring: Keyring, { place, isWork }: WorkKind<W>, sealed: string): OpenedWork<W> {
  const bytes = sealedBytes(sealed);
  const opened = bytes === null ? ({ outcome: 'forged' } as const) : keyring.open(place, bytes);
  if (opened.outcome === 'forged') return opened;
  if (opened.outcome !== 'opened') return { outcome: 'elsewhere' };
  const work = parseJson(opened.plaintext);
  return isWork(work) ? { outcome: 'opened', work } : { outcome: 'elsewhere' };
}

/** Null for what is no message of ours at all. @param message the text, or what the Functions library made of it, being JSON */
export function parseWorkMessage(message: unknown): WorkMessage | null {
  const value = typeof message === 'string' ? parseJson(Buffer.from(message)) : message;
  if (typeof value !== 'object' || value === null) return null;
  const { application, queuedAt, tries, sealed } = value as Partial<Record<keyof WorkMessage, unknown>>;
  if (typeof application !== 'string' || typeof sealed !== 'string') return null;
  if (!Number.isSafeInteger(queuedAt) || !Number.isSafeInteger(tries)) return null;
  return { application, queuedAt: queuedAt as number, tries: tries as number, sealed };
}

export function applicationHash(clientId: string): string {
  return createHash('sha256').update(clientId).digest('hex').slice(0, 16);
}
