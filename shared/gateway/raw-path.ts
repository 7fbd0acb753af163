/**
 * Path and query of an API call as they arrived, after `/api/{name}`: still encoded, since what a router has decoded can
 * no longer be told from what was sent.
 *
 * @param url the request's absolute URL
 */
export function rawPathAfter(url: string, name: string): { rawPath: string; search: string } {
  const { pathname, search } = new URL(url);
  // The prefix is matched by the router without regard to case, so it is measured here, not compared.
  return { rawPath: pathname.slice(`/api/${name}`.length), search };
}
