import { createHash, timingSafeEqual } from 'node:crypto';
import { json } from '../http/answers.ts';
import type { Answer, IncomingRequest } from '../http/message.ts';
import { readText } from '../http/read-text.ts';

const SET_MEDIA_TYPE = 'application/secevent+jwt';
/** A SET is a kilobyte or two. */
const SET_BYTES_MAX = 64 * 1024;

/** What the transmitter is told, for its people to read: the same for every SET that fails in one way. */
const DESCRIPTIONS = {
  invalid_request: 'The body is not a security event token that can be read, or it lacks what one must have.',
  invalid_key: 'The token is not signed by a key that is published for this transmitter.',
  invalid_issuer: 'The issuer of the token is not the transmitter that is known here.',
  invalid_audience: 'The token is meant for another recipient.',
  authentication_failed: 'The Authorization header is not the one that was agreed on.',
} as const;

/** The error codes of RFC 8935 section 2.4 that are used here. */
export type DeliveryError = keyof typeof DESCRIPTIONS;

/**
 * Whether the request comes with the `Authorization` header that was agreed on; any does where none was. Compared as
 * hashes, in a time that tells neither how much of it was right nor how long it is.
 *
 * @see RFC 8935 section 3
 */
export function isAuthorized({ headers }: Pick<IncomingRequest, 'headers'>, agreed: string | null): boolean {
  if (agreed === null) return true;
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(headers.get('authorization') ?? ''), hash(agreed));
}

/** The SET that a transmission request brings (RFC 8935 section 2.1); null for another media type, no body, one over 64 KiB, or half of one. */
export function readSet(request: IncomingRequest): Promise<string | null> {
  return readText(request, SET_MEDIA_TYPE, SET_BYTES_MAX);
}

/** A failure response (RFC 8935 section 2.3): 400 whatever failed, a wrong `Authorization` too, in a language that is named. */
export function deliveryFailure(err: DeliveryError): Answer {
  const answer = json(400, { err, description: DESCRIPTIONS[err] });
  return { ...answer, headers: { ...answer.headers, 'content-type': 'application/json', 'content-language': 'en' } };
}
