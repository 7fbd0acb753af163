import type { IncomingRequest } from './message.ts';
import { readText } from './read-text.ts';

/** An authorization response by `form_post` is a few kilobytes. */
const FORM_BYTES_MAX = 64 * 1024;
const FORM_MEDIA_TYPE = 'application/x-www-form-urlencoded';

/**
 * Reads a posted form of no more than 64 KiB.
 *
 * @returns null for another media type, a larger body, which is then not read to its end, or one that breaks off
 */
export async function readForm(request: IncomingRequest): Promise<URLSearchParams | null> {
  const text = await readText(request, FORM_MEDIA_TYPE, FORM_BYTES_MAX);
  return text === null ? null : new URLSearchParams(text);
}
