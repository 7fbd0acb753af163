import type { OpContext, OpState } from '../state.ts';
import type { User } from '../types.ts';
import { escapeHtml, originsOf, renderPage } from './layout.ts';
import { person } from './person.ts';

/**
 * The account picker: one button a user, and one to turn back.
 *
 * @param signedInOid who is signed in at the provider already, if anybody is
 */
export function pickerPage(
  ctx: OpContext,
  state: OpState,
  applicationName: string,
  signedInOid: string | undefined,
): void {
  const accounts = state.users.map((user, index) => `<li>${account(user, index, user.oid === signedInOid)}</li>`);
  renderPage(ctx, {
    title: 'Pick an account',
    body: `<h1>Pick an account</h1>
<p>to continue to <strong>${escapeHtml(applicationName)}</strong></p>
<form method="post">
<ul>
${accounts.join('\n')}
</ul>
<div class="actions"><button name="cancel" value="yes">Cancel</button></div>
</form>`,
    formTargets: originsOf(state.applications.flatMap(({ redirectUris }) => redirectUris)),
  });
}

function account(user: User, index: number, signedIn: boolean): string {
  return `<button class="account" name="account" value="${escapeHtml(user.oid)}">
${person(user, index)}
${signedIn ? '<span class="here">Signed in</span>' : ''}</button>`;
}
