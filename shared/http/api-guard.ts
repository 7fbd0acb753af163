import type { IncomingRequest } from './message.ts';
import type { ProblemCode } from './problems.ts';

/** What opens an API's GET and HEAD beside the header `x-csrf: 1`. */
export type SafeMethods = 'same-origin' | 'same-origin-and-downloads';

/** How a call comes: by a script or an element of a page, or as a download, which no page shows. */
export type Admitted = 'call' | 'download';

/** Whether a header that only a page of ours can send is there. @see OAuth 2.0 for Browser-Based Applications, section 6.1.3.3.2 */
export const hasCsrfHeader = ({ headers }: IncomingRequest): boolean => headers.get('x-csrf') === '1';

/**
 * What an open safe method is for, by `Sec-Fetch-Dest`: `EventSource` and `fetch` (`empty`), and what is only seen or heard. A
 * script, style or worker is not among them: what somebody has put into an API would run as ours, where our own policy
 * (`script-src 'self'`) says that it may, once they get a `<script src>` into a page.
 */
const OPEN_DESTINATIONS = ['empty', 'image', 'audio', 'video'];

/**
 * Whether a call that is not from another site may use the person's token. The header `x-csrf: 1` says so; where an API's
 * setting opens its safe methods, also the browser's own word that nothing but our origin had a part in the request, for what
 * cannot send a header: `EventSource`, images, downloads. Not `none`, which is a person's own doing, and not silence, which
 * anybody can send.
 *
 * A navigation is no call: what is typed in, or linked to, shows a page that says so, and no API's content stands under our
 * address. Chromium tells `<a download>` apart (`Sec-Fetch-Dest: empty`); other browsers do not, so that links of our own
 * pages are downloads only where the setting says so.
 *
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function admitCall(request: IncomingRequest, safeMethods: SafeMethods | undefined): Admitted | ProblemCode {
  if (hasCsrfHeader(request)) return 'call';
  const { method, headers } = request;
  const isSafe = method === 'GET' || method === 'HEAD';
  const isOpen = isSafe && safeMethods !== undefined && headers.get('sec-fetch-site') === 'same-origin';
  const destination = headers.get('sec-fetch-dest') ?? '';
  if (headers.get('sec-fetch-mode') === 'navigate') {
    return isOpen && isDownload(destination, safeMethods) ? 'download' : 'api_navigated';
  }
  return isOpen && OPEN_DESTINATIONS.includes(destination) ? 'call' : 'csrf_header_missing';
}

/** Frames, objects and embeds are none. */
function isDownload(destination: string, safeMethods: SafeMethods): boolean {
  return destination === 'empty' || (destination === 'document' && safeMethods === 'same-origin-and-downloads');
}

/** A `Content-Disposition` by which nothing is shown, and which keeps the name that the API gives. @see RFC 6266 section 4 */
export function asAttachment(disposition: string | undefined): string {
  const [, parameters = ''] = /^[^;]*(;.*)?$/s.exec(disposition ?? '') ?? [];
  return `attachment${parameters}`;
}
