import type { IncomingRequest } from './message.ts';
import { readText } from './read-text.ts';

/**
 * Reads posted JSON, and of it no more than a bound.
 *
 * @returns undefined for another media type, for what is no JSON, and for a larger body, which is then not read to its end
 */
export async function readJson(request: IncomingRequest, bytesMax: number): Promise<unknown> {
  const text = await readText(request, 'application/json', bytesMax);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
