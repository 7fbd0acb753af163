import type { DownstreamApi } from '../settings/settings.ts';
import { normalisePath } from './allow.ts';

/**
 * Where an API's `Location` leads the browser. Nobody follows it here: the token was for one URL. What lies within the API's
 * base path becomes a path of ours, where the next request is asked all that this one was; an origin that the settings name
 * stays as it is, and is sent no token.
 *
 * @param url the URL that was called, to which a relative one is relative
 * @param location as it came; several contradict each other
 * @returns null where there is none, or where it leads anywhere else, which is not ours to reveal
 * @see RFC 9110 section 10.2.2
 */
export function locationFor(api: DownstreamApi, url: string, location: string | string[] | undefined): string | null {
  const target = typeof location === 'string' ? URL.parse(bytesEscaped(location), url) : null;
  // A blob URL has the origin of the URL within it.
  if (target === null || target.protocol === 'blob:' || target.username !== '' || target.password !== '') return null;
  return withinApi(api, target) ?? (api.redirectOrigins.includes(target.origin) ? target.href : null);
}

/** A header's bytes come as Latin-1, and URLs mean UTF-8: a URL parser would escape other bytes than came. */
function bytesEscaped(location: string): string {
  return location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

function withinApi({ name, baseUrl }: DownstreamApi, { origin, pathname, search, hash }: URL): string | null {
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  if (origin !== base.origin || !(pathname === prefix || pathname.startsWith(`${prefix}/`))) return null;
  const path = normalisePath(pathname.slice(prefix.length));
  return path.ok ? `/api/${name}${path.path}${search}${hash}` : null;
}
