import type { RpcCookie } from './functions-core.ts';

const SAME_SITE = { lax: 'lax', strict: 'strict', explicitNone: 'none' } as const;

/**
 * One `Set-Cookie` value, as ASP.NET Core writes it for the Functions host: name and value percent-encoded, `path=/`
 * unless the function set another.
 *
 * @see RFC 6265 §4.1
 */
export function setCookieHeader(cookie: RpcCookie): string {
  const parts = [`${encodeURIComponent(cookie.name)}=${encodeURIComponent(cookie.value)}`];
  if (cookie.expires) parts.push(`expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`);
  if (cookie.maxAge) parts.push(`max-age=${cookie.maxAge.value}`);
  if (cookie.domain) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value ?? '/'}`);
  if (cookie.secure?.value) parts.push('secure');
  if (cookie.sameSite && cookie.sameSite !== 'none') parts.push(`samesite=${SAME_SITE[cookie.sameSite]}`);
  if (cookie.httpOnly?.value) parts.push('httponly');
  return parts.join('; ');
}
