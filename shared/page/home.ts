import type { SignoutScope } from '../settings/settings.ts';
import { signoutPath } from './confirm-signout.ts';
import { type Html, html } from './html.ts';
import { DEFAULT_APPLICATION_NAME, renderPage } from './layout.ts';
import { type HomeApi, renderRoutePicker } from './route-picker.ts';
import { renderSessionList, renderSignoutButtons } from './session-list.ts';

export interface HomePage {
  /** The downstream APIs and what may be called of each. */
  readonly apis: readonly HomeApi[];
  readonly applicationName?: string;
  /** What the sign-out button ends, unless the other one is taken. */
  readonly signoutScope?: SignoutScope;
}

/**
 * The built-in page: a shell that is the same bytes for everybody, so that no cache of the browser holds anything private.
 * The script asks who is signed in and fills a copy of one `template` at a time; taking it out takes all that was private.
 */
export function renderHome({
  apis,
  applicationName = DEFAULT_APPLICATION_NAME,
  signoutScope = 'account',
}: HomePage): string {
  const main = html`<p id="announcer" class="unseen" role="status" aria-live="polite"></p>
<div id="stage">${LOADING_AT_FIRST}</div>
<noscript>${NO_SCRIPT}</noscript>
${view('loading', LOADING)}
${view('signed-out', signedOut(applicationName))}
${view('signed-in', signedIn(apis, signoutScope))}
${view('ended', farewell('Your session has ended', 'You were signed out in another application or window or on another device, or the sign-in service has ended it. Nothing of this session is kept here.'))}
${view('expired', farewell('Your session has ended', 'It reached the end of its time. Nothing of it is kept here.'))}
${view('unavailable', UNAVAILABLE)}`;
  return renderPage({ title: applicationName, main, script: 'page.js', applicationName });
}

function view(name: string, content: Html): Html {
  return html`<template data-view="${name}">${content}</template>`;
}

const SIGN_IN_LINK = html`<a class="button primary" href="/auth/signin?returnTo=/">Sign in</a>`;
const SIGN_IN = html`<div class="actions">${SIGN_IN_LINK}</div>`;

const SIGN_IN_OR_OUT = html`<div class="actions">
${SIGN_IN_LINK}
<form method="post" action="${signoutPath(undefined)}"><button class="button">Sign out</button></form>
</div>`;

const LOADING = loading(html``);
/** What the page comes with: where no script runs on it, nothing takes its place. */
const LOADING_AT_FIRST = loading(html`<div class="overdue">
<p>This takes longer than it should. Signing in and out works all the same.</p>
${SIGN_IN_OR_OUT}
</div>`);

function loading(more: Html): Html {
  return html`<section class="card narrow loading">
<h1 tabindex="-1">One moment</h1>
<p>Looking whether you are signed in.</p>
${more}
</section>`;
}

const UNAVAILABLE = html`<section class="card narrow">
<h1 tabindex="-1">This application cannot be reached</h1>
<p>Your network may be down, or the application is. This page keeps trying and goes on by itself.</p>
</section>`;

const NO_SCRIPT = html`<section class="card narrow">
<h1>Sign in or out</h1>
<p>This page needs scripts to show your session. Signing in and out works without.</p>
${SIGN_IN_OR_OUT}
</section>`;

function signedOut(applicationName: string): Html {
  return html`<section class="card narrow">
<h1 tabindex="-1">Welcome to ${applicationName}</h1>
<p>Sign in to call APIs with tokens that never reach this browser.</p>
${SIGN_IN}
</section>`;
}

function farewell(title: string, sentence: string): Html {
  return html`<section class="card narrow">
<h1 tabindex="-1">${title}</h1>
<p>${sentence}</p>
${SIGN_IN}
</section>`;
}

function signedIn(apis: readonly HomeApi[], signoutScope: SignoutScope): Html {
  return html`<div class="columns">
<section class="card" aria-labelledby="who">
<p class="eyebrow">Signed in as</p>
<h1 id="who" tabindex="-1" data-field="name"></h1>
<p class="quiet" data-field="username"></p>
<dl>
<div><dt>Signed in</dt><dd><time data-field="signedInAt"></time></dd></div>
<div><dt>Ends if unused</dt><dd><time data-field="idleEndsAt"></time></dd></div>
<div><dt>Ends at latest</dt><dd><time data-field="endsAt"></time></dd></div>
<div><dt>This device</dt><dd data-field="device"></dd></div>
<div><dt>This session</dt><dd><code data-field="id"></code></dd></div>
</dl>
${renderSignoutButtons(signoutScope)}
</section>
<section class="card" aria-labelledby="call">
<h2 id="call">Call an API</h2>
${renderRoutePicker(apis)}
</section>
${renderSessionList()}
</div>`;
}
