/** One of the person's sessions, as `GET /auth/sessions` lists it; times in ISO 8601. */
export interface ListedSession {
  readonly id: string;
  readonly device: string;
  readonly signedInAt: string;
  readonly lastUsedAt: string;
  readonly current: boolean;
}

export type Looked =
  | { readonly type: 'listed'; readonly sessions: readonly ListedSession[] }
  | { readonly type: 'unauthorized' }
  | { readonly type: 'failed' };

/** What became of the wish to end a session. `gone`: it had ended already. `queued`: it is going to. */
export type Ending = 'ended' | 'gone' | 'queued' | 'unauthorized' | 'failed';

const TIMEOUT_MS = 20_000;

/** Asks which sessions there are. Never rejects; an aborted question has failed. */
export async function listSessions(signal: AbortSignal): Promise<Looked> {
  try {
    const response = await ask('/auth/sessions', {}, signal);
    if (response.status === 401) return { type: 'unauthorized' };
    if (response.status !== 200) return { type: 'failed' };
    const { sessions } = (await response.json()) as { sessions: readonly ListedSession[] };
    return { type: 'listed', sessions };
  } catch {
    return { type: 'failed' };
  }
}

/** Has one of the sessions ended. Never rejects. */
export async function endSession(id: string, signal: AbortSignal): Promise<Ending> {
  try {
    const response = await ask(
      `/auth/sessions/${encodeURIComponent(id)}`,
      { method: 'DELETE', headers: { accept: 'application/json', 'x-csrf': '1' } },
      signal,
    );
    if (response.ok) return 'ended';
    if (response.status === 404) return 'gone';
    if (response.status === 401) return 'unauthorized';
    const { code } = (await response.json()) as { code?: unknown };
    return code === 'signout_queued' ? 'queued' : 'failed';
  } catch {
    return 'failed';
  }
}

function ask(path: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
  return fetch(path, {
    headers: { accept: 'application/json' },
    ...init,
    cache: 'no-store',
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
}
