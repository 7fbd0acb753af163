import { boundedBody, mediaTypeOf } from './bounded-body.ts';
import type { IncomingRequest } from './message.ts';

/**
 * Reads posted JSON, and of it no more than a bound.
 *
 * @returns undefined for another media type, for what is no JSON, and for a larger body, which is then not read to its end
 */
export async function readJson(request: IncomingRequest, bytesMax: number): Promise<unknown> {
  if (mediaTypeOf(request) !== 'application/json') return undefined;
  const bytes = await boundedBody(request, bytesMax);
  if (bytes === null) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
