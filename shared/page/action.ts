import { type Html, html } from './html.ts';

/** What a person can do next: follow a link, or post an empty form, within this application only. */
export type Action =
  | { readonly label: string; readonly href: `/${string}` }
  | { readonly label: string; readonly postTo: `/${string}` };

/** A row of actions; the first one is the one to take. */
export function renderActions(actions: readonly Action[]): Html | '' {
  if (actions.length === 0) return '';
  return html`<div class="actions">${actions.map((action, index) => renderAction(action, index === 0))}</div>`;
}

function renderAction(action: Action, primary: boolean): Html {
  const style = primary ? 'button primary' : 'button';
  if ('href' in action) return html`<a class="${style}" href="${action.href}">${action.label}</a>`;
  return html`<form method="post" action="${action.postTo}"><button class="${style}">${action.label}</button></form>`;
}
