import { type OpContext, type OpState, PATHS } from '../state.ts';
import { escapeHtml, renderPage } from './layout.ts';
import { person } from './person.ts';

/** The page for somebody who opens the provider's own address: who can sign in, and where to look further. */
export function indexPage(ctx: OpContext, state: OpState): void {
  const links = [{ path: `/${state.tenantId}/${PATHS.discovery}`, text: 'Discovery document' }, ...state.links];
  renderPage(ctx, {
    title: 'Local OpenID provider',
    body: `<h1>Local OpenID provider</h1>
<p>It stands in for Microsoft Entra ID on this machine. To sign in, open one of the applications and pick one of these people.</p>
<ul>
${state.users.map((user, index) => `<li class="account">${person(user, index)}</li>`).join('\n')}
</ul>
<ul>
${links.map(({ path, text }) => `<li><a href="${escapeHtml(path)}">${escapeHtml(text)}</a></li>`).join('\n')}
</ul>`,
  });
}
