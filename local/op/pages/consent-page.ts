import type { OpContext, OpState } from '../state.ts';
import { escapeHtml, originsOf, renderPage } from './layout.ts';

/** Asks for consent to what an application has not asked of this person before. */
export function consentPage(
  ctx: OpContext,
  state: OpState,
  applicationName: string,
  personName: string,
  scopes: readonly string[],
): void {
  ctx.status = 200;
  renderPage(ctx, {
    title: 'Permissions requested',
    body: `<h1>Permissions requested</h1>
<p>${escapeHtml(personName)}, <strong>${escapeHtml(applicationName)}</strong> would like to do more on your behalf:</p>
<form method="post">
<ul>
${scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('\n')}
</ul>
<div class="actions"><button class="primary" name="consent" value="accept">Accept</button>
<button name="consent" value="cancel">Cancel</button></div>
</form>`,
    formTargets: originsOf(state.applications.flatMap(({ redirectUris }) => redirectUris)),
  });
}
