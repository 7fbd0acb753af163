import type { IncomingRequest } from './message.ts';

type Posted = Pick<IncomingRequest, 'headers' | 'body'>;

/**
 * Reads a body of one media type, and of it no more than a bound: anybody can post, and what is read lies in memory.
 *
 * @returns null for another media type, a larger body, which is then not read to its end, or one that breaks off
 */
export async function readText(request: Posted, mediaType: string, bytesMax: number): Promise<string | null> {
  const { body } = request;
  if (mediaTypeOf(request) !== mediaType || body === null) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      // Leaving the loop cancels the stream.
      if (bytes > bytesMax) return null;
      chunks.push(chunk);
    }
  } catch {
    // Whoever sent it broke off: that is no fault of ours, to be logged as a bug, and half a body is none.
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Of the `Content-Type`, what comes before its parameters, in lower case. */
function mediaTypeOf({ headers }: Posted): string {
  const [mediaType = ''] = (headers.get('content-type') ?? '').split(';');
  return mediaType.trim().toLowerCase();
}
