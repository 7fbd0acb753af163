import type { IncomingRequest } from './message.ts';

/**
 * Whether a browser says that one of our own pages sent this request. What says nothing of where it comes from is refused
 * too: a browser says it with every form post. `Origin: null` (a sandboxed frame, a redirect across sites) is not ours.
 *
 * @see https://www.w3.org/TR/fetch-metadata/; OAuth 2.0 for Browser-Based Applications, section 6.1.3.3
 */
export function isSameOrigin(request: IncomingRequest, publicOrigin: string): boolean {
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  if (site === null && origin === null) return false;
  return (site === null || site === 'same-origin') && (origin === null || origin === publicOrigin);
}

/** Whether a browser says that another site sent this request; a caller that is no browser says nothing and passes. */
export function isCrossSite(request: IncomingRequest, publicOrigin: string): boolean {
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  return (site !== null && site !== 'same-origin' && site !== 'none') || (origin !== null && origin !== publicOrigin);
}
