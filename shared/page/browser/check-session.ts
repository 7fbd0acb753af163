import type { SessionAnswer } from './session.ts';
import type { WatchEvent } from './session-watch.ts';

const CHECK_TIMEOUT_MS = 10_000;

/** Asks once who is signed in, and says it as the event that concludes the check of that number. Never rejects. */
export async function checkSession(check: number, abort: AbortController): Promise<WatchEvent> {
  const timer = setTimeout(() => abort.abort(), CHECK_TIMEOUT_MS);
  try {
    const response = await fetch('/auth/session', {
      headers: { accept: 'application/json' },
      cache: 'no-store',
      redirect: 'error',
      signal: abort.signal,
    });
    if (response.status === 401) return { type: 'absent', check, now: Date.now() };
    if (response.status !== 200) return { type: 'failed', check };
    return { type: 'answered', check, answer: (await response.json()) as SessionAnswer };
  } catch {
    return { type: 'failed', check };
  } finally {
    clearTimeout(timer);
  }
}
