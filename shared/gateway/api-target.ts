/** What an API call asks for, as its URL says it. */
export interface ApiTarget {
  readonly name: string;
  /** After `/api/{name}`, still encoded: what has been decoded can no longer be told from what was sent. */
  readonly rawPath: string;
  /** With its `?`, or empty. */
  readonly search: string;
}

/**
 * Reads `/api/{name}/{*path}` from a request's URL. Dot segments are resolved before any function sees a request, here as
 * on Azure: what is checked is what remains, and that is also what is sent.
 *
 * @returns null where dot segments have led out of `/api`
 */
export function apiTarget(url: string): ApiTarget | null {
  const { pathname, search } = new URL(url);
  const [, prefix = '', name = '', ...rest] = pathname.split('/');
  // The router does not regard the case of its own segments.
  if (prefix.toLowerCase() !== 'api' || name === '') return null;
  return { name, rawPath: rest.length === 0 ? '' : `/${rest.join('/')}`, search };
}
