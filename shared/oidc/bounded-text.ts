/** More than any answer of an OP to us: discovery, keys and tokens come in tens of kilobytes. */
export const OP_ANSWER_BYTES_MAX = 256 * 1024;

/**
 * The text of an OP's answer, and of it no more than a bound: what is read lies in memory, and a length that was
 * announced, if any was, is not that of what comes, nor of what it decompresses to.
 *
 * @returns null for a larger body, which is then not read to its end
 */
export async function boundedText({ body }: Response, bytesMax: number = OP_ANSWER_BYTES_MAX): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (bytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
