import type { Unavailable } from '../store/table.ts';

/** Why a call has no result: what the service answered, or what went wrong before it could. */
export interface Refusal {
  /** The HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** The service's or the network's error code; the status or the error's name where there is none. Never a message. */
  readonly code: string;
  readonly retryAfterMilliseconds?: number;
}

/** The answer came, but it is not what the service sends: something between us, or a body cut short. */
export const NOT_AN_ANSWER: Refusal = { status: undefined, code: 'not-an-answer' };
export const DEADLINE: Refusal = { status: undefined, code: 'deadline' };

/** A code is a word; anything else might be a message, which could carry a key. */
const CODE = /^[A-Za-z_]{1,64}$/;
const ABSENT_CODES = new Set(['ResourceNotFound', 'EntityNotFound', 'EntityDoesNotExist']);
const TOO_LARGE_CODES = new Set([
  'EntityTooLarge',
  'PropertyValueTooLarge',
  'RequestBodyTooLarge',
  'TooManyProperties',
]);
const TRANSIENT_STATUSES = new Set([408, 429, 500, 502, 503, 504]);

/** Thrown by an attempt that has read the refusal itself. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** What the SDK's RestError carries that may be branched on; its text and its body stay out of sight. */
interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly statusCode?: number;
  readonly details?: { readonly odataError?: { readonly code?: string } };
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

/**
 * Reads what an attempt threw, the SDK's or our own. `now` is the wall clock in milliseconds, for a Retry-After that is a date.
 *
 * @see https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes
 */
export function readRefusal(thrown: unknown, now: number): Refusal {
  if (thrown instanceof Refused) return thrown.refusal;
  const error: SdkError = typeof thrown === 'object' && thrown !== null ? thrown : {};
  const codes = [error.details?.odataError?.code, error.code];
  if (error.statusCode === undefined) return { status: undefined, code: codes.find(isCode) ?? error.name ?? 'unknown' };
  return refusalOf(error.statusCode, codes, error.response?.headers?.get('retry-after'), now);
}

/**
 * What the service refused.
 *
 * @param codes where its code may be, the surest place first
 * @param retryAfter the header as it came
 * @param now milliseconds since the epoch, for a Retry-After that is a date
 */
export function refusalOf(status: number, codes: readonly unknown[], retryAfter: unknown, now: number): Refusal {
  const wait = retryAfterMilliseconds(retryAfter, now);
  const code = codes.find(isCode) ?? String(status);
  return { status, code, ...(wait !== undefined && { retryAfterMilliseconds: wait }) };
}

const isCode = (code: unknown): code is string => typeof code === 'string' && CODE.test(code);

/** Retry-After, in seconds or as a date (RFC 9110 §10.2.3). */
function retryAfterMilliseconds(header: unknown, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The service knows the table and has no such entity. Any other 404 must not read so: it would be taken for a sign-out. */
export const isAbsent = ({ status, code }: Refusal): boolean => status === 404 && ABSENT_CODES.has(code);

export const isTableMissing = ({ status, code }: Refusal): boolean => status === 404 && code === 'TableNotFound';

export const isPresent = ({ status, code }: Refusal): boolean => status === 409 && code === 'EntityAlreadyExists';

export const isChanged = ({ status }: Refusal): boolean => status === 412;

export const isTooLarge = ({ status, code }: Refusal): boolean =>
  status === 413 || (status === 400 && TOO_LARGE_CODES.has(code));

/** Whether another attempt may fare better: the service was busy, or the connection failed, or the answer was cut short. */
export function isTransient(refusal: Refusal): boolean {
  if (refusal === DEADLINE) return false;
  const answered = refusal.status !== undefined && refusal.code !== 'PARSE_ERROR';
  return !answered || TRANSIENT_STATUSES.has(refusal.status ?? 0);
}

export function unavailable({ code, retryAfterMilliseconds }: Refusal): Unavailable {
  return {
    outcome: 'unavailable',
    reason: code,
    ...(retryAfterMilliseconds === undefined ? {} : { retryAfterMilliseconds }),
  };
}
