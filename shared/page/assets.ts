import icon from 'text:./browser/icon.svg';
import style from 'text:./browser/page.css';
import script from 'text:./browser/page.ts';
import { createHash } from 'node:crypto';

export interface Asset {
  readonly contentType: string;
  readonly body: string;
  /** A strong validator, quoted (RFC 9110 section 8.8.3). */
  readonly etag: string;
}

/** What the pages load, by file name under `/assets/`. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ['page.css', asset('text/css; charset=utf-8', style)],
  ['page.js', asset('text/javascript; charset=utf-8', script)],
  ['icon.svg', asset('image/svg+xml', icon)],
]);

function asset(contentType: string, body: string): Asset {
  return { contentType, body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}
