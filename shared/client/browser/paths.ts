/**
 * The path on this origin of a call.
 *
 * @throws TypeError where dot segments would lead out of that API
 */
export function apiPath(name: string, path: string): string {
  const prefix = `/api/${encodeURIComponent(name)}`;
  const { origin, pathname, search } = new URL(prefix + path, 'http://origin.invalid');
  if (origin !== 'http://origin.invalid' || !pathname.startsWith(`${prefix}/`))
    throw new TypeError('not a path of this API');
  return pathname + search;
}
