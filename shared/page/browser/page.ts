/** The script of the page at `/`: watches the session and shows what it is. Whatever any application needs is in the client. */
import { onSignedOut, session, signOut } from '/exeunt.js';
import { delayMs, INITIAL_WATCH, next, type WatchEvent } from './session-watch.ts';
import { show } from './states.ts';

let watch = INITIAL_WATCH;
let timer: ReturnType<typeof setTimeout> | undefined;

function dispatch(event: WatchEvent): void {
  const before = watch;
  watch = next(before, event);
  if (watch.checking && watch.check !== before.check) check(watch.check);
  show(watch);
  clearTimeout(timer);
  const delay = delayMs(watch);
  if (delay !== null) timer = setTimeout(() => dispatch({ type: 'due' }), delay);
}

async function check(number: number): Promise<void> {
  dispatch(
    await session().then(
      (answer): WatchEvent => ({ type: 'answered', check: number, answer, now: Date.now() }),
      (): WatchEvent => ({ type: 'failed', check: number }),
    ),
  );
}

function look(): void {
  dispatch({ type: document.visibilityState === 'visible' ? 'looked' : 'hidden' });
}

onSignedOut((answer) => dispatch({ type: 'over', answer, now: Date.now() }), {
  onDoubt: () => dispatch({ type: 'told' }),
});
document.addEventListener('visibilitychange', look);
addEventListener('focus', look);
addEventListener('online', look);
addEventListener('pagehide', () => dispatch({ type: 'left' }));
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) dispatch({ type: 'left' });
  look();
});
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches('[data-signout]')) return;
  event.preventDefault();
  dispatch({ type: 'signing-out' });
  const scope = form.dataset.signout as 'session' | 'account' | '';
  signOut(scope ? { scope } : {});
});
look();
