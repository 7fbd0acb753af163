export type NormalisedPath = { readonly ok: true; readonly path: string } | { readonly ok: false };

/** What servers read as the start of a query or a fragment never comes raw in a path. */
const NOT_IN_A_PATH = /[?#]/;
/**
 * What a decoded segment must not hold, because some server behind us may read it otherwise than we do: separators (`%2f`,
 * `%5c`), path parameters (`;`, as in `..;/`), control characters, and what decodes once more (`%252e`).
 *
 * @see CWE-22; RFC 3986 section 7.3
 */
const TREACHEROUS_IN_A_SEGMENT = /[/\\;\p{Cc}]|%[0-9a-f]{2}/iu;
/** RFC 3986 section 3.3: `encodeURIComponent` escapes more than a path segment needs; `;` is refused above. */
const PLAIN_IN_A_SEGMENT = /%(?:24|26|2B|2C|3A|3D|40)/g;
/** What is its own canonical form: nothing escaped, no dot, no empty segment. */
const PLAIN = /^(?:\/[A-Za-z0-9_~-]+)+$/;
const REFUSED: NormalisedPath = { ok: false };

/**
 * A path in its one canonical form, so that what the allow-list was asked about is what the API gets: no URL parser on the
 * way changes it or leaves the API's base path by it. Whatever could be read in two ways is refused, not mended.
 *
 * @param raw what follows `/api/{name}`, still percent-encoded: empty (which is `/`), or beginning with `/`
 * @returns the path, beginning with `/`; a slash at its end, like every empty segment, is refused
 */
export function normalisePath(raw: string): NormalisedPath {
  if (raw === '' || raw === '/') return { ok: true, path: '/' };
  if (PLAIN.test(raw)) return { ok: true, path: raw };
  if (!raw.startsWith('/') || NOT_IN_A_PATH.test(raw)) return REFUSED;
  const segments: string[] = [];
  for (const encoded of raw.slice(1).split('/')) {
    const segment = decodeSegment(encoded);
    if (segment === undefined || segment === '' || segment === '.' || segment === '..') return REFUSED;
    if (TREACHEROUS_IN_A_SEGMENT.test(segment)) return REFUSED;
    segments.push(encodeURIComponent(segment).replace(PLAIN_IN_A_SEGMENT, decodeURIComponent));
  }
  return { ok: true, path: `/${segments.join('/')}` };
}

/** Undefined for a stray `%` and for what is not UTF-8: overlong forms (`%c0%ae` for a dot) and lone surrogates. */
function decodeSegment(encoded: string): string | undefined {
  try {
    return encoded.isWellFormed() ? decodeURIComponent(encoded) : undefined;
  } catch {
    return undefined;
  }
}
