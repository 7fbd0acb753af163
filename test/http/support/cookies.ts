/** One `Set-Cookie` line, taken apart. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** All attributes, sorted, with their values: `Max-Age=600`. */
  readonly attributes: readonly string[];
}

/** Reads a `Set-Cookie` line (RFC 6265 section 5.2). */
export function parseSetCookie(line: string): SetCookie {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  return { name: pair.slice(0, at), value: pair.slice(at + 1), attributes: attributes.toSorted() };
}

/** Where a request comes from, as far as cookies care: whether it crosses sites, and whether it replaces the page. */
export interface CookieContext {
  readonly crossSite: boolean;
  /** A top-level navigation by GET: what SameSite=Lax lets through from elsewhere. */
  readonly topLevelGet: boolean;
}

interface StoredCookie extends SetCookie {
  readonly expiresAt: number;
  readonly sameSite: string;
}

/** The cookies of one browser, by host: cookies know no ports. Plain http on `*.localhost` counts as secure, as in Chromium. */
export class CookieJar {
  readonly #hosts = new Map<string, Map<string, StoredCookie>>();

  /** Keeps what a browser would keep; a `__Host-` cookie that breaks the prefix's rule is dropped (RFC 6265bis 4.1.3.2). */
  store(host: string, lines: readonly string[]): void {
    const cookies = this.#of(host);
    for (const line of lines) {
      const cookie = parseSetCookie(line);
      const attribute = (name: string) =>
        cookie.attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
      const secure = cookie.attributes.some((one) => one.toLowerCase() === 'secure');
      const hostOnly = attribute('domain') === undefined && attribute('path') === '/';
      if (cookie.name.startsWith('__Host-') && !(secure && hostOnly)) continue;
      const sameSite = attribute('samesite')?.toLowerCase() ?? 'lax';
      if (sameSite === 'none' && !secure) continue;
      const maxAge = attribute('max-age');
      const expiresAt =
        maxAge === undefined ? Date.parse(attribute('expires') ?? '') || Infinity : Date.now() + Number(maxAge) * 1000;
      if (expiresAt <= Date.now()) cookies.delete(cookie.name);
      else cookies.set(cookie.name, { ...cookie, expiresAt, sameSite });
    }
  }

  /** The `Cookie` header of a request, if any cookie goes along. */
  header(host: string, path: string, { crossSite, topLevelGet }: CookieContext): string | undefined {
    const fitting = [...this.#of(host).values()].filter(({ expiresAt, sameSite, attributes }) => {
      const own = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
      if (expiresAt <= Date.now() || !path.startsWith(own)) return false;
      return !crossSite || sameSite === 'none' || (sameSite === 'lax' && topLevelGet);
    });
    return fitting.length === 0 ? undefined : fitting.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  /** The values by name, HttpOnly or not: what somebody sees who holds the machine. */
  all(host: string): ReadonlyMap<string, string> {
    return new Map([...this.#of(host)].map(([name, { value }]) => [name, value]));
  }

  /** The same cookies in a jar of their own, which keeps them whatever becomes of these. */
  copy(): CookieJar {
    const copy = new CookieJar();
    for (const [host, cookies] of this.#hosts) copy.#hosts.set(host, new Map(cookies));
    return copy;
  }

  #of(host: string): Map<string, StoredCookie> {
    const cookies = this.#hosts.get(host) ?? new Map<string, StoredCookie>();
    this.#hosts.set(host, cookies);
    return cookies;
  }
}
