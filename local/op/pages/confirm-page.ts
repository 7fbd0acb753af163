import type { OpContext, OpState } from '../state.ts';
import type { User } from '../types.ts';
import { escapeHtml, originsOf, renderPage } from './layout.ts';

/** Asks before a sign-out that no hint vouches for: any site could have sent the browser here. */
export function confirmPage(
  ctx: OpContext,
  state: OpState,
  user: User,
  parameters: URLSearchParams,
  confirmation: string,
): void {
  const carried = ['client_id', 'post_logout_redirect_uri', 'state'].flatMap((name) => {
    const value = parameters.get(name);
    return value === null ? [] : [hidden(name, value)];
  });
  ctx.status = 200;
  renderPage(ctx, {
    title: 'Sign out?',
    body: `<h1>Sign out?</h1>
<p>You are signed in as <strong>${escapeHtml(user.name)}</strong> (${escapeHtml(user.upn)}). This signs you out of every application.</p>
<form method="post">
${[...carried, hidden('confirm', confirmation)].join('\n')}
<div class="actions"><button class="primary">Sign out</button></div>
</form>`,
    formTargets: originsOf(state.applications.flatMap(({ postLogoutRedirectUris }) => postLogoutRedirectUris)),
  });
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
}
