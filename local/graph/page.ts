import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { escapeHtml } from '../op/pages/layout.ts';
import type { LocalGraph } from './graph.ts';
import { ACTIONS } from './users.ts';

export const DIRECTORY_PATH = '/directory';
const FORM_BYTES_MAX = 1_024;
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
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
    const buttons = ACTIONS.map((action) => `<button name="action" value="${action}">${action}</button>`).join(' ');
    const form = `<form method="post"><input type="hidden" name="oid" value="${escapeHtml(user.oid)}">${buttons}</form>`;
    return `<tr><td>${escapeHtml(user.name)}</td><td>${state}</td><td>${form}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Directory · Exeunt on this machine</title></head>
<body>
<h1>Directory</h1>
<p>It stands in for the tenant's users at Microsoft Graph. What is done here the applications are told, and end sessions by it.</p>
<table>${rows.join('')}</table>
<p><a href="/">Local OpenID provider</a></p>
</body>
</html>`;
}
