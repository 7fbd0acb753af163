import { type Html, html, serialize } from './html.ts';

export const DEFAULT_APPLICATION_NAME = 'Exeunt';

export interface PageParts {
  readonly title: string;
  readonly main: Html;
  /** The script that runs on this page; most pages need none. */
  readonly script?: 'page.js' | 'leave.js';
  readonly applicationName?: string;
}

/**
 * A whole document. Style, script and icon are files of this origin: the pages' Content Security Policy forbids inline ones
 * (CSP 3 section 6.7.3).
 */
export function renderPage({ title, main, script, applicationName = DEFAULT_APPLICATION_NAME }: PageParts): string {
  return serialize(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === applicationName ? title : `${title} · ${applicationName}`}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/page.css">
${script === 'page.js' ? html`<link rel="modulepreload" href="/exeunt.js">\n` : ''}${script === undefined ? '' : html`<script type="module" src="/assets/${script}"></script>`}
</head>
<body>
<header><a class="wordmark" href="/"><img src="/assets/icon.svg" alt="" width="32" height="32">${applicationName}</a></header>
<main>
${main}
</main>
<footer>Tokens stay on the server. Signing out deletes them.</footer>
</body>
</html>
`);
}
