import type { SignoutScope } from '../settings/settings.ts';
import { signoutPath } from './confirm-signout.ts';
import { type Html, html } from './html.ts';

/** The person's sessions on all devices; the script fills a copy of the item for each. */
export function renderSessionList(): Html {
  return html`<section class="card" aria-labelledby="sessions" data-sessions>
<h2 id="sessions" tabindex="-1">Your sessions</h2>
<p class="quiet">Where you are signed in. A session that you end here is over at its next call.</p>
<p data-said hidden></p>
<p class="quiet" data-sessions-failed hidden>The list cannot be had at the moment.</p>
<ul class="sessions" aria-labelledby="sessions" data-list></ul>
<template data-item><li>
<div>
<p><strong data-device></strong><span class="badge" data-current hidden>This one</span></p>
<p class="quiet">Signed in <time data-signed-in></time>, last used <time data-last-used></time></p>
</div>
<button type="button" class="button" data-end>End<span class="unseen"> the session on <span data-which></span></span></button>
</li></template>
</section>`;
}

/** "Sign out" ends what the setting says; beside it the other scope, by name. */
export function renderSignoutButtons(scope: SignoutScope): Html {
  const other: { readonly label: string; readonly scope: SignoutScope } =
    scope === 'account'
      ? { label: 'Sign out here only', scope: 'session' }
      : { label: 'Sign out everywhere', scope: 'account' };
  return html`<p class="quiet">${scope === 'account' ? 'Signing out ends your sessions on all devices.' : 'Signing out ends this session; others stay.'}</p>
<div class="actions">
<form method="post" action="${signoutPath(undefined)}" data-signout><button class="button">Sign out</button></form>
<form method="post" action="${signoutPath(other.scope)}" data-signout="${other.scope}"><button class="button">${other.label}</button></form>
</div>`;
}
