import { boundedBody, mediaTypeOf } from './bounded-body.ts';
import type { IncomingRequest } from './message.ts';

/** An authorization response by `form_post` is a few kilobytes. */
const FORM_BYTES_MAX = 64 * 1024;
const FORM_MEDIA_TYPE = 'application/x-www-form-urlencoded';

/**
 * Reads a posted form, and of it no more than 64 KiB.
 *
 * @returns null for another media type or a larger body, which is then not read to its end
 */
export async function readForm(request: IncomingRequest): Promise<URLSearchParams | null> {
  if (mediaTypeOf(request) !== FORM_MEDIA_TYPE) return null;
  const bytes = await boundedBody(request, FORM_BYTES_MAX);
  return bytes && new URLSearchParams(bytes.toString('utf8'));
}
