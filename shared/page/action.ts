import { type Html, html } from './html.ts';

/** What a person can do next: follow a link or post an empty form within this application, or go on to the OP. */
export type Action =
  | { readonly label: string; readonly href: `/${string}` }
  /** Made by us of the OP's metadata, and of nothing that a request carried. */
  | { readonly label: string; readonly opUrl: string }
  | { readonly label: string; readonly postTo: `/${string}` };

/** A row of actions; the first one is the one to take. */
export function renderActions(actions: readonly Action[]): Html | '' {
  if (actions.length === 0) return '';
  return html`<div class="actions">${actions.map((action, index) => renderAction(action, index === 0))}</div>`;
}

function renderAction(action: Action, primary: boolean): Html {
  const style = primary ? 'button primary' : 'button';
  if ('postTo' in action) {
    return html`<form method="post" action="${action.postTo}"><button class="${style}">${action.label}</button></form>`;
  }
  const href = 'href' in action ? action.href : action.opUrl;
  return html`<a class="${style}" href="${href}">${action.label}</a>`;
}
