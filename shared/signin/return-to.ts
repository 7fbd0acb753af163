/** As it is sent, percent-encoded: the attempt that carries it has to fit in a cookie. */
const RETURN_TO_CHARACTERS_MAX = 1_024;
/** Any origin does: it only shows whether a reference leaves it. */
const PROBE_ORIGIN = 'https://probe.invalid';
/** A backslash is a slash to browsers; white space and control characters vanish from URLs and move what follows. */
const TREACHEROUS = /[\\\s\p{Cc}\p{Cf}]/u;
const ENCODED_TREACHEROUS = /%(?:2f|5c|0[0-9a-f]|1[0-9a-f]|7f|25)/i;

/** A path on our own origin, with query and fragment. */
export type LocalPath = string & { readonly brand: 'LocalPath' };

/**
 * Where the browser goes after a sign-in: a path on this origin and nothing that any browser could read as another
 * (`//host`, `/\host`, their encoded forms, control characters).
 *
 * @returns null where it is not such a path
 * @see RFC 9700 section 4.11.1 (open redirectors)
 */
export function parseReturnTo(value: string): LocalPath | null {
  if (value.length > RETURN_TO_CHARACTERS_MAX || !value.startsWith('/') || value.startsWith('//')) return null;
  const [path = ''] = value.split(/[?#]/, 1);
  if (TREACHEROUS.test(value) || ENCODED_TREACHEROUS.test(path)) return null;
  const url = URL.parse(value, PROBE_ORIGIN);
  if (url?.origin !== PROBE_ORIGIN || url.pathname.startsWith('//')) return null;
  const normal = `${url.pathname}${url.search}${url.hash}`;
  return normal.length > RETURN_TO_CHARACTERS_MAX ? null : (normal as LocalPath);
}
