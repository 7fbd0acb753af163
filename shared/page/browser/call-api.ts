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
  readonly unauthorized: boolean;
  readonly durationMs: number;
  readonly text: string;
  /** Where to sign in for this API, when it wants consent or another proof; a path of ours. */
  readonly signInUrl: string | null;
}

/** More than anybody reads, little enough to lay out. */
const SHOWN_CHARACTERS_MAX = 100_000;
const TEXTUAL = /^text\/|json|xml|javascript|urlencoded/;
const SIGN_IN_PATH = '/auth/signin?';

/** The path on this origin for a call, or null where dot segments would lead out of that API. */
export function apiPath(api: string, path: string): string | null {
  const prefix = `/api/${api}`;
  const { pathname, search } = new URL(prefix + path, 'http://origin.invalid');
  return pathname.startsWith(`${prefix}/`) ? pathname + search : null;
}

/** Calls an API through this application. Null where it was aborted meanwhile: the session that asked is gone. */
export async function callApi(call: ApiCall, signal: AbortSignal): Promise<ApiResult | null> {
  const path = apiPath(call.api, call.path);
  if (path === null) return notSent('The path leads out of this API', 0);
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  try {
    // No other site can send this header without a preflight, which is never granted: the defence against forged calls.
    const headers = { 'x-csrf': '1', ...(call.body !== null && { 'content-type': 'application/json' }) };
    const response = await fetch(path, { method: call.method, headers, body: call.body, cache: 'no-store', signal });
    const text = await readText(response);
    if (signal.aborted) return null;
    return {
      status: `${response.status} ${response.statusText}`.trim(),
      ok: response.ok,
      unauthorized: response.status === 401,
      durationMs: elapsed(),
      text: prettyPrint(text).slice(0, SHOWN_CHARACTERS_MAX),
      signInUrl: response.status === 401 ? signInUrlOf(text) : null,
    };
  } catch {
    return signal.aborted ? null : notSent('No answer', elapsed());
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

/** The `signInUrl` of a problem document, if it leads to our own sign-in for an API. */
export function signInUrlOf(text: string): string | null {
  try {
    const url: unknown = JSON.parse(text).signInUrl;
    return typeof url === 'string' && url.startsWith(SIGN_IN_PATH) ? url : null;
  } catch {
    return null;
  }
}

async function readText(response: Response): Promise<string> {
  const type = response.headers.get('content-type') ?? '';
  if (type === '' || TEXTUAL.test(type)) return response.text();
  return `${type}, ${(await response.arrayBuffer()).byteLength} bytes`;
}

function notSent(status: string, durationMs: number): ApiResult {
  return { status, ok: false, unauthorized: false, durationMs, text: '', signInUrl: null };
}
