import { type Refuse, readBy, type Schema } from './schema.ts';
import { fromText } from './text-schema.ts';

/** Behind the scheme comes a host at once: the URL parser would also take `https:host`, `https:///host` and `https:\\host`. */
const HTTP_URL = /^https?:\/\/[^/\\?#]/i;
/** The URL parser drops or turns these without a word. */
const NOT_IN_A_URL = /[\s\p{Cc}\\]/u;
/** Nor is any of these in a URL (RFC 3986 section 2), but the parser lets some pass: `{tenant}` would be a tenant's name. */
const OF_A_PLACEHOLDER = /[<>{}]/;
const LOOPBACK_ADDRESS = /^(?:127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether a host is this machine and nothing else, so that plain http to it crosses no network.
 *
 * @param hostname as `URL.hostname` gives it: lower case, IPv6 in brackets
 * @see RFC 6761 section 6.3 (`localhost.` names); RFC 1122 section 3.2.1.3 and RFC 4291 section 2.5.3 (loopback addresses)
 */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || LOOPBACK_ADDRESS.test(hostname);
}

const NO_WILDCARD = 'must be one origin: there is no wildcard';

/** An origin, `https://app.contoso.com`, in the form in which browsers send it: lower case, without the default port. */
export const origin: Schema<string> = fromText((text, refuse) => {
  const url = parseHttpUrl(text, refuse);
  if (!url) return '';
  refuseInsecure(url, true, refuse);
  if (url.hostname.includes('*')) refuse(NO_WILDCARD);
  if (text.includes('@')) refuse('must not hold a user name or password');
  if (/[/?#]/.test(text.slice(text.indexOf('//') + 2))) {
    refuse('must be an origin only: no path, no query, no fragment, no slash at the end');
  }
  return url.origin;
});

const SIBLINGS_MAX = 16;

/** Origins with commas between them, each once. */
export const origins: Schema<readonly string[]> = fromText((text, refuse) => {
  if (text === '') return [];
  const each = text.split(',').map((part) => part.trim());
  if (each.length > SIBLINGS_MAX) refuse(`must be at most ${SIBLINGS_MAX}`);
  const read = each.map((part, index) => {
    const parsed = part === '*' ? undefined : readBy(origin, part);
    if (parsed?.ok) return parsed.value;
    refuse(`entry ${index + 1} ${parsed?.issues[0].message ?? NO_WILDCARD}`);
    return '';
  });
  return [...new Set(read)];
});

/**
 * Whether browsers may take two origins for one site. It takes their list of public suffixes to know, so this is sure of a no
 * alone: another scheme, or hosts that differ within their last two labels.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#same-site
 */
export function mayBeSameSite(one: string, other: string): boolean {
  const [first, second] = [new URL(one), new URL(other)];
  if (first.protocol !== second.protocol) return false;
  return first.hostname === second.hostname || endOf(first) === endOf(second);
}

/** The last two labels of a name; of an address, which has no siblings, all of it. */
function endOf({ hostname }: URL): string {
  return /^[\d.]+$|^\[/.test(hostname) ? hostname : hostname.split('.').slice(-2).join('.');
}

export interface WebUrlRules {
  /** Whether plain http is taken on loopback hosts; nowhere is it on others. */
  readonly httpOnLoopback: boolean;
  readonly query: boolean;
}

/** An absolute URL without user name, password and fragment. Without a query, it is a base: slashes at its end are taken off. */
export function webUrl(rules: WebUrlRules): Schema<string> {
  return fromText((text, refuse) => {
    const url = parseHttpUrl(text, refuse);
    if (!url) return '';
    refuseInsecure(url, rules.httpOnLoopback, refuse);
    if (url.username !== '' || url.password !== '') refuse('must not hold a user name or password');
    if (text.includes('#')) refuse('must not have a fragment');
    if (rules.query) return url.href;
    if (/^[^#]*\?/.test(text)) refuse('must not have a query');
    return url.origin + url.pathname.replace(/\/+$/, '');
  });
}

function parseHttpUrl(text: string, refuse: Refuse): URL | null {
  if (OF_A_PLACEHOLDER.test(text)) {
    refuse('holds a placeholder that is to be filled in');
    return null;
  }
  const url = HTTP_URL.test(text) && !NOT_IN_A_URL.test(text) ? URL.parse(text) : null;
  if (!url) refuse('is not an absolute URL that begins with https://');
  return url;
}

function refuseInsecure(url: URL, httpOnLoopback: boolean, refuse: Refuse): void {
  if (url.protocol === 'https:' || (httpOnLoopback && isLoopbackHost(url.hostname))) return;
  refuse(
    httpOnLoopback ? 'must be https (http only on localhost, *.localhost and loopback addresses)' : 'must be https',
  );
}
