import { randomBytes } from 'node:crypto';
import type { OpContext } from '../state.ts';

/** What a page may do beyond showing text; everything else is shut by its Content-Security-Policy. */
interface PageOptions {
  readonly title: string;
  /** HTML, already escaped. */
  readonly body: string;
  readonly script?: string;
  /** Origins that a form may post to or be redirected to: browsers hold `form-action` against redirects too. */
  readonly formTargets?: readonly string[];
  /** Origins of the frames of front-channel logout. */
  readonly frameTargets?: readonly string[];
}

/** Answers with a page of the provider. */
export function renderPage(ctx: OpContext, page: PageOptions): void {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src ${page.script ? `'nonce-${nonce}'` : "'none'"}`,
    `form-action 'self' ${[...new Set(page.formTargets)].join(' ')}`.trim(),
    `frame-src ${[...new Set(page.frameTargets)].join(' ') || "'none'"}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  ctx.set('Content-Security-Policy', policy.join('; '));
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Referrer-Policy', 'no-referrer');
  ctx.type = 'html';
  ctx.body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
${page.body}
</main>
<footer>Local OpenID provider, for development only. It asks for no password.</footer>
${page.script ? `<script nonce="${nonce}">${page.script}</script>` : ''}
</body>
</html>`;
}

/** The origins of URLs, for a Content-Security-Policy. */
export function originsOf(urls: readonly string[]): string[] {
  return urls.map((url) => new URL(url).origin);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

const STYLE = `
:root { color-scheme: light dark; --ground: #f3f4f7; --card: #fff; --ink: #1b1d23; --soft: #5b6170; --line: #dfe2e9;
  --hover: #f0f3fb; --accent: #2f5bd8; --done: #177a45; --late: #a04a00; }
@media (prefers-color-scheme: dark) { :root { --ground: #14161b; --card: #1e2128; --ink: #eceef3; --soft: #a2a9b8;
  --line: #333844; --hover: #272c37; --accent: #8fadff; --done: #5fd398; --late: #f0a35e; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; padding: 24px 16px; display: flex; flex-direction: column; align-items: center;
  justify-content: center; gap: 20px; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { width: 100%; max-width: 440px; background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 32px;
  box-shadow: 0 1px 2px rgb(0 0 0 / .04), 0 12px 32px rgb(0 0 0 / .06); }
h1 { margin: 0 0 4px; font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; text-wrap: balance; }
p { margin: 0; color: var(--soft); text-wrap: pretty; overflow-wrap: anywhere; }
p + p { margin-top: 8px; }
a { color: var(--accent); }
strong { color: var(--ink); font-weight: 600; }
ul { list-style: none; margin: 24px 0 0; padding: 0; display: grid; gap: 8px; }
button { font: inherit; color: inherit; cursor: pointer; border-radius: 10px; border: 1px solid var(--line); background: none; }
button:hover { background: var(--hover); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.account { width: 100%; display: flex; align-items: center; gap: 14px; padding: 12px 14px; text-align: left; }
li.account { border: 1px solid var(--line); border-radius: 10px; }
.account b { display: block; font-weight: 600; line-height: 1.35; }
.account small { display: block; font-size: .875rem; line-height: 1.35; color: var(--soft); overflow-wrap: anywhere; }
.account .who { flex: 1; min-width: 0; }
.account .here { font-size: .8125rem; color: var(--done); white-space: nowrap; }
.face { flex: none; width: 42px; height: 42px; border-radius: 50%; display: grid; place-items: center; color: #fff; font-size: .9375rem;
  font-weight: 600; letter-spacing: .02em; }
.face-0 { background: #2f5bd8; } .face-1 { background: #0b7a75; } .face-2 { background: #a2396b; }
.actions { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 24px; }
.actions button { padding: 9px 18px; }
.primary { background: var(--accent); border-color: var(--accent); color: var(--card); font-weight: 600; }
.primary:hover { background: var(--accent); filter: brightness(1.08); }
.applications li { display: flex; align-items: center; gap: 12px; padding: 10px 14px; border: 1px solid var(--line); border-radius: 10px; }
.applications .state { margin-left: auto; font-size: .875rem; color: var(--soft); }
.mark { flex: none; width: 20px; height: 20px; display: grid; place-items: center; font-weight: 700; line-height: 1; }
.waiting .mark::before { content: ""; width: 14px; height: 14px; border-radius: 50%; border: 2px solid var(--line);
  border-top-color: var(--accent); animation: turn .8s linear infinite; }
.done .mark::before { content: "\\2713"; color: var(--done); }
.late .mark::before { content: "!"; color: var(--late); }
.done .state { color: var(--done); } .late .state { color: var(--late); }
iframe { display: none; }
footer { max-width: 440px; text-align: center; text-wrap: balance; font-size: .8125rem; color: var(--soft); }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { .waiting .mark::before { animation: none; } }
@media (max-width: 480px) { main { padding: 24px 18px; } }
`;
