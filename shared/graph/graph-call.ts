import type { GraphUnavailable, NotFound } from '../directory/graph.ts';

const CALL_DEADLINE_MILLISECONDS = 10_000;
/** Graph itself waits for us meanwhile, 10 s for each of two URLs. */
const HANDSHAKE_DEADLINE_MILLISECONDS = 30_000;

export type GraphToken = () => Promise<{ readonly token: string } | { readonly failed: string }>;

export interface Call {
  readonly method: string;
  readonly body: unknown;
  /** Graph asks our own URLs something before it answers. */
  readonly waitsForUs: boolean;
}

/**
 * One request to Graph.
 *
 * @returns the answer where it is a success, its body not yet read
 */
export async function answerOf(
  url: string,
  token: GraphToken,
  fetchIt: typeof fetch,
  { method = 'GET', body, waitsForUs = false }: Partial<Call> = {},
): Promise<Response | NotFound | GraphUnavailable> {
  const held = await token();
  if ('failed' in held) return unavailable(`token: ${held.failed}`);
  let answer: Response;
  try {
    answer = await fetchIt(url, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(waitsForUs ? HANDSHAKE_DEADLINE_MILLISECONDS : CALL_DEADLINE_MILLISECONDS),
      headers: {
        authorization: `Bearer ${held.token}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    return unavailable(error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'network');
  }
  if (answer.ok) return answer;
  const { status, headers } = answer;
  await answer.body?.cancel();
  return status === 404 ? { outcome: 'not-found' } : unavailable(`status-${status}`, retryAfterOf(headers));
}

/** @see RFC 9110 section 10.2.3, of which Graph sends seconds. */
function retryAfterOf(headers: Headers): number {
  const text = headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

function unavailable(reason: string, retryAfterSeconds = 0): GraphUnavailable {
  return { outcome: 'graph-unavailable', reason, retryAfterSeconds };
}
