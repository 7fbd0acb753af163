/** Watches one session: who is signed in, as far as this page knows, and who wants to hear that it is over. */
import type * as Client from './exeunt.d.ts';

const CHANNEL = 'exeunt';
const CHECK_TIMEOUT_MS = 10_000;
/** The first check after something happened, and how rare checks may become while nothing does. */
const FIRST_CHECK_MS = 1_000;
const LAST_CHECK_MS = 60_000;

type Session = Client.Session;
type Listener = Parameters<typeof Client.onSignedOut>[0];
/** Who wants to hear, and at once too. */
interface Registered {
  readonly over: Listener;
  readonly doubt: (() => void) | undefined;
}

const listeners = new Set<Registered>();
let channel: BroadcastChannel | undefined;
/** The session last seen; null: nobody was signed in; undefined: nobody has asked yet. */
let known: string | null | undefined;
let asking: Promise<Session | null> | undefined;
/** Counts what was heard: an answer that was asked for before the last of it may be from before it happened. */
let news = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let delay = FIRST_CHECK_MS;

/** Those who ask at once share an answer. */
export function session(): Promise<Session | null> {
  asking ??= ask().finally(() => {
    asking = undefined;
    schedule();
  });
  return asking;
}

async function ask(): Promise<Session | null> {
  const before = news;
  try {
    const answer = await request();
    if (before === news) {
      see(answer);
      return answer;
    }
  } catch (error) {
    if (before === news) throw error;
  }
  return ask();
}

async function request(): Promise<Session | null> {
  const response = await fetch('/auth/session', {
    headers: { accept: 'application/json' },
    cache: 'no-store',
    redirect: 'error',
    signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
  });
  if (response.status !== 200 && response.status !== 401) throw new Error(`/auth/session: ${response.status}`);
  return response.status === 200 ? response.json() : null;
}

function see(next: Session | null): void {
  const before = known;
  known = next?.session.id ?? null;
  if (!before || before === known) return;
  tellOthers();
  tell(({ over }) => over(next));
}

function tell(how: (one: Registered) => void): void {
  for (const one of [...listeners]) {
    // What one of them throws must not keep the others from taking off the screen what is private.
    try {
      how(one);
    } catch (error) {
      reportError(error);
    }
  }
}

/** Says to this browser's other tabs that the session may be over: each looks for itself, since a sign-out can fail. */
export function tellOthers(): void {
  const telling = channel ?? new BroadcastChannel(CHANNEL);
  telling.postMessage('signed-out');
  if (telling !== channel) telling.close();
}

/** Something happened that may have ended the session. */
export function look(): void {
  if (known === null && !asking) return;
  news += 1;
  tell(({ doubt }) => doubt?.());
  delay = FIRST_CHECK_MS;
  check();
}

/** The page is looked at again, or can be. */
function looked(): void {
  if (known === null || !isLookedAt()) return;
  delay = FIRST_CHECK_MS;
  check();
}

/** Kept for the back button, the page may get an answer that has waited with it, however long. */
function left(): void {
  news += 1;
}

const isLookedAt = (): boolean => document.visibilityState === 'visible';

async function check(): Promise<void> {
  await session().catch(() => null);
}

/** The next check, rarer each time, while the page is looked at and there is a session to lose. */
function schedule(): void {
  clearTimeout(timer);
  if (known === null || listeners.size === 0 || !isLookedAt()) return;
  timer = setTimeout(() => isLookedAt() && check(), delay);
  delay = Math.min(delay * 2, LAST_CHECK_MS);
}

export const onEnd: typeof Client.onSignedOut = (over, { onDoubt: doubt } = {}) => {
  // One that is given twice is two, each with an end of its own.
  const one: Registered = { over, doubt };
  listeners.add(one);
  if (listeners.size === 1) begin();
  return () => {
    if (listeners.delete(one) && listeners.size === 0) end();
  };
};

const EVENTS = ['focus', 'online', 'visibilitychange', 'pageshow'];

function begin(): void {
  // What happens to the document reaches the window too.
  for (const name of EVENTS) addEventListener(name, looked);
  addEventListener('pagehide', left);
  channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = look;
  looked();
}

function end(): void {
  for (const name of EVENTS) removeEventListener(name, looked);
  removeEventListener('pagehide', left);
  channel?.close();
  channel = undefined;
  clearTimeout(timer);
}
