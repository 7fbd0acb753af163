import type { EndSessionForm } from '../oidc/end-session.ts';
import { html } from './html.ts';
import { renderPage } from './layout.ts';

/**
 * The answer to an own sign-out where the OP is told by an ID token: a form that sends itself on to the OP, and by a button
 * where no script runs. Everything here has been deleted by then; the token in the form is the last there is.
 */
export function renderLeave(applicationName: string, { action, fields }: EndSessionForm): string {
  const main = html`<section class="card narrow">
<h1>You are signed out here</h1>
<p>Your tokens have been deleted. The sign-in service is to end its session too.</p>
<form method="post" action="${action}">
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`)}<div class="actions"><button class="button primary">Go on to sign out at the sign-in service</button></div>
</form>
</section>`;
  return renderPage({ title: 'You are signed out here', main, script: 'leave.js', applicationName });
}
