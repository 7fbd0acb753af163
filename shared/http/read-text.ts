import { boundedBody, mediaTypeOf } from './bounded-body.ts';
import type { IncomingRequest } from './message.ts';

/**
 * Reads a body of one media type, and of it no more than a bound.
 *
 * @returns null for another media type, a larger body, which is then not read to its end, or one that breaks off
 */
export async function readText(
  request: Pick<IncomingRequest, 'headers' | 'body'>,
  mediaType: string,
  bytesMax: number,
): Promise<string | null> {
  if (mediaTypeOf(request) !== mediaType) return null;
  const bytes = await boundedBody(request, bytesMax);
  return bytes === null ? null : bytes.toString('utf8');
}
