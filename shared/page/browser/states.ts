import type { Session } from '/exeunt.js';
import { attachCallForm } from './call-form.ts';
import { announce, find, setText } from './dom.ts';
import { attachSessionList } from './session-list.ts';
import type { Watch } from './session-watch.ts';
import { showTime } from './times.ts';

const SHORT_ID_CHARACTERS = 8;
const TIMES = ['signedInAt', 'idleEndsAt', 'endsAt'] as const;

let shown = '';
let detach = (): void => undefined;

/** Shows the state. What belongs to another view, or to another session, leaves the document with everything in it. */
export function show({ view, answer }: Watch): void {
  const key = `${view} ${answer?.session.id ?? ''}`;
  const changed = key !== shown;
  if (changed) {
    shown = key;
    detach();
    detach = replace(view);
  }
  if (answer !== null) fill(answer);
  if (changed) announce(view === 'loading' ? '' : spoken());
}

/** Takes the place of the view before. Returns what ends the calls in flight. */
function replace(view: string): () => void {
  const stage = find('#stage');
  const hadFocus = stage.contains(document.activeElement);
  stage.replaceChildren(find<HTMLTemplateElement>(`[data-view="${view}"]`).content.cloneNode(true));
  // Focus would fall back to the top of the document with the element that had it; elsewhere it is left alone.
  if (hadFocus) find('h1', stage).focus();
  const form = stage.querySelector<HTMLFormElement>('[data-call]');
  const sessions = stage.querySelector<HTMLElement>('[data-sessions]');
  const detachForm = form && attachCallForm(form);
  const detachList = sessions && attachSessionList(sessions);
  return () => {
    detachForm?.();
    detachList?.();
  };
}

function fill({ user, session }: Session): void {
  set('name', user.name ?? user.username ?? 'Account without a name');
  set('username', user.name === null ? '' : (user.username ?? ''));
  set('device', session.device);
  set('id', session.id.slice(0, SHORT_ID_CHARACTERS));
  for (const name of TIMES) showTime(find<HTMLTimeElement>(`[data-field="${name}"]`), session[name]);
}

const set = (name: string, text: string): void => setText(find(`[data-field="${name}"]`), text);

function spoken(): string {
  const stage = find('#stage');
  return [...stage.querySelectorAll('.eyebrow, h1, .narrow p')].map((element) => element.textContent).join(' ');
}
