import type { IncomingRequest } from './message.ts';

/**
 * The bytes of a request's body, and of it no more than a bound: anybody can post, and what is read lies in memory.
 *
 * @returns null where there is none, where it is larger, which is then not read to its end, and where it breaks off
 */
export async function boundedBody({ body }: Pick<IncomingRequest, 'body'>, bytesMax: number): Promise<Buffer | null> {
  if (body === null) return null;
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
  return Buffer.concat(chunks);
}

/** Of the `Content-Type`, what comes before its parameters, in lower case. */
export function mediaTypeOf({ headers }: Pick<IncomingRequest, 'headers'>): string {
  const [mediaType = ''] = (headers.get('content-type') ?? '').split(';');
  return mediaType.trim().toLowerCase();
}
