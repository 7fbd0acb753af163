/**
 * Path and query of an API call after `/api/{name}`, still encoded: what a router has decoded can no longer be told from
 * what was sent. (Dot segments are resolved before any function sees the request, here as on Azure; what is checked is
 * what remains, and that is also what is sent.)
 *
 * @param url the request's absolute URL
 * @returns null where dot segments have led out of `/api/{name}`
 */
export function rawPathAfter(url: string, name: string): { rawPath: string; search: string } | null {
  const { pathname, search } = new URL(url);
  const prefix = `/api/${name}`;
  const rawPath = pathname.slice(prefix.length);
  // The router does not regard the case of its own segments.
  if (pathname.slice(0, prefix.length).toLowerCase() !== prefix || !/^(?:\/|$)/.test(rawPath)) return null;
  return { rawPath, search };
}
