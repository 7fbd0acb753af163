import type { OpContext } from '../state.ts';
import { escapeHtml, renderPage } from './layout.ts';

/** A page that says one thing, with nothing to do on it. Keeps the status that is set. */
export function messagePage(ctx: OpContext, title: string, lines: readonly string[]): void {
  const paragraphs = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
  renderPage(ctx, { title, body: `<h1>${escapeHtml(title)}</h1>\n${paragraphs}` });
}
