const MAX_TARGET_BYTES = 8192;
const MAX_QUERY_BYTES = 4096;

export interface RequestTarget {
  /** Path and query as they go to the function: dot segments removed, else as they came. */
  target: string;
  /** For matching: percent-decoded but for `%2F`, as Kestrel does it. */
  path: string;
  query: URLSearchParams;
}

/**
 * Parses a request target (RFC 9112 §3.2) within the limits of Azure's front end.
 *
 * @returns the status to answer where it is too long or not understood
 * @see https://github.com/Azure/azure-functions-host `web.config` (`maxUrl`, `maxQueryString`; IIS answers 404 for both)
 */
export function parseRequestTarget(raw: string): RequestTarget | 400 | 404 | 414 {
  if (raw.length > MAX_TARGET_BYTES) return 414;
  // An absolute-form target names a host of its own: only its path counts.
  const relative = raw.startsWith('/') ? raw : raw.replace(/^https?:\/\/[^/?#]*/i, '');
  if (!relative.startsWith('/')) return 400;
  let url: URL;
  try {
    url = new URL(`http://localhost${relative.replace(/^[^?#]*/, (path) => path.replaceAll('\\', '%5C'))}`);
  } catch {
    return 400;
  }
  if (url.search.length > MAX_QUERY_BYTES) return 404;
  const path = url.pathname
    .split(/(%2f|\/)/i)
    .map((part) => (/^(?:%2f|\/)$/i.test(part) ? part : decode(part)))
    .join('');
  if (path.includes('\0')) return 400;
  return { target: url.pathname + url.search, path, query: url.searchParams };
}

/** Leaves a part that is not valid percent-encoding as it is. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
