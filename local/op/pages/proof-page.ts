import type { OpContext, OpState } from '../state.ts';
import type { User } from '../types.ts';
import { escapeHtml, originsOf, renderPage } from './layout.ts';
import { person } from './person.ts';

/**
 * Asks for another proof of who somebody is: a button stands for what Entra would ask, a second factor perhaps. One more lets
 * the person in without it, as an OP does that knows nothing of the context.
 */
export function proofPage(
  ctx: OpContext,
  state: OpState,
  applicationName: string,
  user: User,
  contexts: readonly string[],
): void {
  ctx.status = 200;
  renderPage(ctx, {
    title: 'Prove that it is you',
    body: `<h1>Prove that it is you</h1>
<p><strong>${escapeHtml(applicationName)}</strong> asks for more than your account: <strong>${escapeHtml(contexts.join(', '))}</strong></p>
<form method="post">
<input type="hidden" name="account" value="${escapeHtml(user.oid)}">
<ul>
<li class="account">${person(user, state.users.indexOf(user))}</li>
</ul>
<div class="actions"><button class="primary" name="proof" value="given">It is me</button>
<button name="proof" value="left-out">Go on without</button></div>
</form>`,
    formTargets: originsOf(state.applications.flatMap(({ redirectUris }) => redirectUris)),
  });
}
