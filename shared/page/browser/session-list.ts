import { session as checkSession } from '/exeunt.js';
import { announce, find } from './dom.ts';
import { type Ending, endSession, type ListedSession, listSessions } from './sessions.ts';
import { showTime } from './times.ts';

const SAID: Readonly<Record<Ending, string>> = {
  ended: 'That session has ended.',
  gone: 'That session had ended already.',
  queued: 'The end of that session is noted, and follows by itself.',
  unauthorized: '',
  failed: 'That did not work. Try again in a moment.',
};

/**
 * Makes the list of sessions work: asks for it at once and whenever somebody looks at the page again, and at no other time,
 * since it costs more than to ask who is signed in. Returns what detaches it: what is in flight is shown nowhere.
 */
export function attachSessionList(section: HTMLElement): () => void {
  const detached = new AbortController();
  const { signal } = detached;
  let looking = new AbortController();
  let shown = '';

  const look = async (): Promise<void> => {
    looking.abort();
    looking = new AbortController();
    const { signal: replaced } = looking;
    const looked = await listSessions(AbortSignal.any([signal, replaced]));
    if (signal.aborted || replaced.aborted) return;
    if (looked.type === 'unauthorized') return lookWhoIsSignedIn();
    find('[data-sessions-failed]', section).hidden = looked.type === 'listed' || shown !== '';
    if (looked.type === 'failed') return;
    const text = JSON.stringify(looked.sessions);
    // Untouched while it is the same: whoever reads it, or is about to press a button, is not disturbed.
    if (text !== shown) showSessions(section, looked.sessions);
    shown = text;
  };
  const lookWhenVisible = () => {
    if (document.visibilityState === 'visible') look();
  };

  section.addEventListener('click', async ({ target }) => {
    const button = (target as Element).closest<HTMLButtonElement>('[data-end]');
    if (button === null || section.ariaBusy === 'true') return;
    section.ariaBusy = 'true';
    const ending = await endSession(button.value, signal);
    section.ariaBusy = 'false';
    if (signal.aborted) return;
    if (ending === 'unauthorized') return lookWhoIsSignedIn();
    say(section, SAID[ending]);
    await look();
  });
  document.addEventListener('visibilitychange', lookWhenVisible, { signal });
  addEventListener('focus', lookWhenVisible, { signal });
  look();
  return () => detached.abort();
}

/** Where nobody is, the client says so to all that listen. */
function lookWhoIsSignedIn(): void {
  checkSession().catch(() => undefined);
}

function say(section: HTMLElement, text: string): void {
  const said = find('[data-said]', section);
  said.hidden = false;
  said.textContent = text;
  announce(text);
}

function showSessions(section: HTMLElement, sessions: readonly ListedSession[]): void {
  const list = find('[data-list]', section);
  const focused = list.contains(document.activeElement) ? (document.activeElement as HTMLButtonElement).value : null;
  list.replaceChildren(...sessions.map((session) => item(section, session)));
  if (focused === null) return;
  // The button that was pressed has gone with its session; focus would fall back to the top of the document.
  const same = [...list.querySelectorAll('button')].find(({ value }) => value === focused);
  (same ?? find('h2', section)).focus();
}

function item(section: HTMLElement, { id, device, signedInAt, lastUsedAt, current }: ListedSession): DocumentFragment {
  const made = find<HTMLTemplateElement>('[data-item]', section).content.cloneNode(true) as DocumentFragment;
  find('[data-device]', made).textContent = device;
  showTime(find<HTMLTimeElement>('[data-signed-in]', made), signedInAt);
  showTime(find<HTMLTimeElement>('[data-last-used]', made), lastUsedAt);
  find('[data-current]', made).hidden = !current;
  const button = find<HTMLButtonElement>('[data-end]', made);
  // One's own ends by "Sign out", which goes on to the sign-in service.
  button.hidden = current;
  button.value = id;
  find('[data-which]', button).textContent = `${device}, signed in ${find('[data-signed-in]', made).textContent}`;
  return made;
}
