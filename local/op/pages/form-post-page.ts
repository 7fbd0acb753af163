import type { OpContext } from '../state.ts';
import { escapeHtml, originsOf, renderPage } from './layout.ts';

/**
 * Sends the callback's parameters on by a form that submits itself.
 *
 * @see https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
 */
export function formPostPage(ctx: OpContext, action: string, parameters: URLSearchParams): void {
  const inputs = [...parameters].map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  renderPage(ctx, {
    title: 'Going back to the application',
    body: `<h1>Going back to the application…</h1>
<form method="post" action="${escapeHtml(action)}">
${inputs.join('\n')}
<noscript><div class="actions"><button class="primary">Continue</button></div></noscript>
</form>`,
    script: 'document.forms[0].submit();',
    formTargets: originsOf([action]),
  });
}
