import type * as Client from '../../client/browser/exeunt.d.ts';

export interface ApiCall {
  readonly api: string;
  readonly method: string;
  /** Begins with `/`; may have a query. */
  readonly path: string;
  /** JSON, or null for none. */
  readonly body: string | null;
}

export interface ApiResult {
  /** For people: `200 OK`, or why there is no status. */
  readonly status: string;
  readonly ok: boolean;
  readonly durationMs: number;
  readonly text: string;
}

/** More than anybody reads, little enough to lay out. */
const SHOWN_CHARACTERS_MAX = 100_000;
const TEXTUAL = /^text\/|json|xml|javascript|urlencoded/;

/**
 * Calls an API through this application.
 *
 * @param send the client's `call`, which also leads to a sign-in where the API wants one
 * @returns null where it was aborted meanwhile: the session that asked is gone
 */
export async function callApi(
  send: typeof Client.call,
  { api, method, path, body }: ApiCall,
  signal: AbortSignal,
): Promise<ApiResult | null> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  try {
    const headers: Record<string, string> = body === null ? {} : { 'content-type': 'application/json' };
    const response = await send(api, path, { method, headers, body, signal });
    const text = await readText(response);
    if (signal.aborted) return null;
    return {
      status: `${response.status} ${response.statusText}`.trim(),
      ok: response.ok,
      durationMs: elapsed(),
      text: prettyPrint(text).slice(0, SHOWN_CHARACTERS_MAX),
    };
  } catch {
    if (signal.aborted) return null;
    return { status: 'No answer, or no path of this API', ok: false, durationMs: elapsed(), text: '' };
  }
}

/** JSON with two spaces of indentation; what is not JSON, as it is. */
export function prettyPrint(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function readText(response: Response): Promise<string> {
  const type = response.headers.get('content-type') ?? '';
  if (type === '' || TEXTUAL.test(type)) return response.text();
  return `${type}, ${(await response.arrayBuffer()).byteLength} bytes`;
}
