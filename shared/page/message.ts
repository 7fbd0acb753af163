import { type Action, renderActions } from './action.ts';
import { html } from './html.ts';
import { renderPage } from './layout.ts';

export interface MessagePage {
  /** A few plain words; the heading too. */
  readonly title: string;
  /** What happened, then what to do. */
  readonly paragraphs: readonly string[];
  readonly actions: readonly Action[];
  /** What a person can quote when they ask for help: a correlation id of ours. */
  readonly detail?: string;
  readonly applicationName?: string;
}

/** A page that says one thing. It knows no request, so it cannot repeat what one carried. */
export function renderMessage({ title, paragraphs, actions, detail, ...named }: MessagePage): string {
  const main = html`<section class="card narrow">
<h1>${title}</h1>
${paragraphs.map((paragraph) => html`<p>${paragraph}</p>\n`)}
${renderActions(actions)}
${detail === undefined ? '' : html`<p class="reference">Reference <code>${detail}</code></p>`}
</section>`;
  return renderPage({ title, main, ...named });
}
