import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { escapeHtml } from '../op/pages/layout.ts';
import type { LocalGraph } from './graph.ts';
import { ACTIONS } from './users.ts';

export const DIRECTORY_PATH = '/directory';
const FORM_BYTES_MAX = 1_024;
const STYLE = `
:root { color-scheme: light dark; --text: light-dark(#1b1b1f, #ececf1); --soft: light-dark(#5c5c66, #a4a4b0);
  --ground: light-dark(#f7f6f3, #17171a); --card: light-dark(#ffffff, #212126); --line: light-dark(#e3e1db, #34343b);
  --control: light-dark(#8a8a94, #7d7d88); --accent: light-dark(#2f5bd8, #8fadff); --out: light-dark(#9c2b2b, #ff9d94); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; } p { color: var(--soft); margin: 0 0 .5rem; max-width: 44rem; }
ul { list-style: none; margin: 1.5rem 0; padding: 0; }
li { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: center; justify-content: space-between;
  background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; margin: 0 0 .6rem; }
li span { display: block; color: var(--soft); font-size: .875rem; } .disabled, .deleted { color: var(--out); }
form { display: flex; flex-wrap: wrap; gap: .5rem; }
button { min-height: 2.5rem; padding: .3rem .9rem; border: 1px solid var(--control); border-radius: .5rem; background: none;
  color: inherit; font: inherit; cursor: pointer; }
button:hover { background: var(--ground); } :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
`;
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
};

/** Serves, on the OP's host, a page on which somebody does to the users of the local directory what an administrator does. */
export function directoryPage(graph: () => LocalGraph): RequestListener {
  return (request, response) => {
    if (request.method === 'GET') return void response.writeHead(200, HEADERS).end(render(graph()));
    act(graph(), request).then(
      (done) => answer(response, done),
      () => response.destroy(),
    );
  };
}

function answer(response: ServerResponse, done: boolean): void {
  if (done) response.writeHead(303, { location: DIRECTORY_PATH }).end();
  else
    response.writeHead(400, HEADERS).end('<!doctype html><title>Directory</title><p>That is none of the actions.</p>');
}

async function act(graph: LocalGraph, request: IncomingMessage): Promise<boolean> {
  // Another site's form must not do this either, though it is only a play.
  if (request.method !== 'POST' || request.headers['sec-fetch-site'] === 'cross-site') return false;
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > FORM_BYTES_MAX) return false;
  }
  const form = new URLSearchParams(text);
  const action = ACTIONS.find((each) => each === form.get('action'));
  return action !== undefined && graph.act(form.get('oid') ?? '', action);
}

function render({ users }: LocalGraph): string {
  const rows = users.all().map(({ user, state }) => {
    const name = escapeHtml(user.name);
    const buttons = ACTIONS.map(
      (action) => `<button name="action" value="${action}" aria-label="${action} ${name}">${action}</button>`,
    ).join('');
    const form = `<form method="post"><input type="hidden" name="oid" value="${escapeHtml(user.oid)}">${buttons}</form>`;
    return `<li><div><strong>${name}</strong><span class="${state}">${state}</span></div>${form}</li>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Directory · Exeunt on this machine</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Directory</h1>
<p>It stands in for the tenant's users at Microsoft Graph. What is done here the applications are told, and end sessions by it.</p>
<ul>${rows.join('')}</ul>
<p><a href="/">Local OpenID provider</a></p>
</main>
</body>
</html>`;
}
