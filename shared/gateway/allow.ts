import type { AllowedRoute } from '../settings/settings.ts';

// The rules for paths lie with the settings, since patterns are held to them too; callers ask both questions here.
export { type NormalisedPath, normalisePath } from '../settings/path.ts';

/**
 * Whether a route is on the list; what is not on it is refused. Case counts, and `HEAD` is not implied by `GET`.
 *
 * @param method in upper case
 * @param path as `normalisePath` gives it
 */
export function matchRoute(allow: readonly AllowedRoute[], method: string, path: string): boolean {
  const segments = segmentsOf(path).map(decodeURIComponent);
  return allow.some((route) => (route.method === '*' || route.method === method) && matches(route.pattern, segments));
}

/** `*` is one segment; a last `**` any number of them, none too. */
function matches(pattern: string, segments: readonly string[]): boolean {
  const wanted = segmentsOf(pattern);
  const open = wanted.at(-1) === '**';
  const fixed = open ? wanted.slice(0, -1) : wanted;
  if (open ? segments.length < fixed.length : segments.length !== fixed.length) return false;
  return fixed.every((each, index) => each === '*' || decodeURIComponent(each) === segments[index]);
}

/** The segments behind the leading slash; the root has none. */
function segmentsOf(path: string): readonly string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}
