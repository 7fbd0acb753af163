import type { IncomingRequest } from './message.ts';

/** An authorization response by `form_post` is a few kilobytes. */
const FORM_BYTES_MAX = 64 * 1024;
const FORM_MEDIA_TYPE = 'application/x-www-form-urlencoded';

/**
 * Reads a posted form, and of it no more than 64 KiB: anybody can post, and what is read lies in memory.
 *
 * @returns null for another media type or a larger body, which is then not read to its end
 */
export async function readForm({ headers, body }: IncomingRequest): Promise<URLSearchParams | null> {
  const [mediaType = ''] = (headers.get('content-type') ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== FORM_MEDIA_TYPE || body === null) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (bytes > FORM_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
