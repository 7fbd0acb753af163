import type { OpContext, OpState } from '../state.ts';
import { escapeHtml, originsOf, renderPage } from './layout.ts';

/** An application that is told of the sign-out, and the URL that its hidden frame loads. */
export interface Frame {
  readonly name: string;
  readonly url: string;
}

/** An application that has not loaded by then does not keep the person waiting. */
const FRAME_LIMIT_MILLISECONDS = 3_000;
/** Long enough to see the last tick. */
const SETTLE_MILLISECONDS = 500;

/**
 * The page after a sign-out: loads the applications' front-channel frames, ticks each off, then goes on.
 *
 * @param returnTo where to go on to, a registered URI; without it the page stays
 */
export function signedOutPage(
  ctx: OpContext,
  state: OpState,
  frames: readonly Frame[],
  returnTo: string | undefined,
): void {
  ctx.status = 200;
  const waiting = frames.length > 0;
  renderPage(ctx, {
    title: waiting ? 'Signing you out' : 'You are signed out',
    body: `<h1 role="status"${returnTo ? ` data-return-to="${escapeHtml(returnTo)}"` : ''}>${waiting ? 'Signing you out…' : 'You are signed out'}</h1>
<p>${waiting ? 'Each application that you used is being told.' : 'You can close this window.'}</p>
${waiting ? `<ul class="applications">\n${frames.map(item).join('\n')}\n</ul>` : ''}
${returnTo ? `<noscript><p><a href="${escapeHtml(returnTo)}">Go on</a></p></noscript>` : ''}`,
    ...(waiting && { script: SCRIPT, frameTargets: frameTargets(state, frames) }),
  });
}

function item({ name, url }: Frame): string {
  return `<li class="waiting"><span class="mark" aria-hidden="true"></span><span>${escapeHtml(name)}</span>
<span class="state">Telling…</span><iframe src="${escapeHtml(url)}" title="${escapeHtml(`Sign-out of ${name}`)}"></iframe></li>`;
}

/** A frame may be redirected within its application, so the application's other origins are let in as well. */
function frameTargets(state: OpState, frames: readonly Frame[]): string[] {
  return originsOf([
    ...frames.map(({ url }) => url),
    ...state.applications.flatMap(({ redirectUris }) => redirectUris),
  ]);
}

const SCRIPT = `
const settle = (item, outcome, text) => {
  item.className = outcome;
  item.querySelector('.state').textContent = text;
};
const told = [...document.querySelectorAll('.applications li')].map((item) => new Promise((resolve) => {
  const late = setTimeout(() => { settle(item, 'late', 'No answer'); resolve(); }, ${FRAME_LIMIT_MILLISECONDS});
  item.querySelector('iframe').addEventListener('load', () => {
    clearTimeout(late);
    settle(item, 'done', 'Told');
    resolve();
  });
}));
Promise.all(told).then(() => setTimeout(() => {
  const heading = document.querySelector('h1');
  if (heading.dataset.returnTo) { location.replace(heading.dataset.returnTo); return; }
  heading.textContent = document.title = 'You are signed out';
  document.querySelector('h1 + p').textContent = 'You can close this window.';
}, ${SETTLE_MILLISECONDS}));
`;
