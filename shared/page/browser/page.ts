/** The script of the page at `/`: watches the session and shows what it is. */
import { checkSession } from './check-session.ts';
import { delayMs, INITIAL_WATCH, next, type WatchEvent } from './session-watch.ts';
import { show } from './states.ts';

const channel = new BroadcastChannel('exeunt');
let watch = INITIAL_WATCH;
let abort = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;

function dispatch(event: WatchEvent): void {
  const before = watch;
  watch = next(before, event);
  if (watch.check !== before.check) {
    abort.abort();
    abort = new AbortController();
    if (watch.checking) checkSession(watch.check, abort).then(dispatch);
  }
  show(watch, told);
  clearTimeout(timer);
  const delay = delayMs(watch);
  if (delay !== null) timer = setTimeout(() => dispatch({ type: 'due' }), delay);
}

function told(): void {
  dispatch({ type: 'told' });
}

function look(): void {
  dispatch({ type: document.visibilityState === 'visible' ? 'looked' : 'hidden' });
}

channel.addEventListener('message', told);
document.addEventListener('visibilitychange', look);
addEventListener('focus', look);
addEventListener('online', look);
addEventListener('pagehide', () => dispatch({ type: 'left' }));
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) dispatch({ type: 'left' });
  look();
});
document.addEventListener('submit', ({ target }) => {
  if (!(target as Element).matches('[data-signout]')) return;
  channel.postMessage('signing out');
  // Who looked at once may have seen it stand still. This page gives way when the answer is there: then it is gone.
  addEventListener('pagehide', () => channel.postMessage('signed out'), { once: true });
  dispatch({ type: 'signing-out' });
});
look();
