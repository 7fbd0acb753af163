import { CookieJar } from './cookies.ts';
import { type Answer, type Sent, send } from './wire.ts';

const REDIRECTS_MAX = 15;

/**
 * A browser as far as a server can tell: cookies, `Origin`, `Sec-Fetch-*`, `Accept`; no scripts. Redirects are followed one
 * at a time and only when asked, so that a test sees each answer.
 */
export class Browser {
  readonly jar: CookieJar;
  readonly #send: typeof send;

  /** @param sendIt how its requests reach a server, where an origin has several */
  constructor(jar = new CookieJar(), sendIt = send) {
    this.jar = jar;
    this.#send = sendIt;
  }

  /** A second browser with the same cookies now and its own from here on: a thief's, or a replay's. */
  copy(): Browser {
    return new Browser(this.jar.copy(), this.#send);
  }

  /** A cookie's value; undefined without one. */
  cookie(origin: string, name: string): string | undefined {
    return this.jar.all(new URL(origin).hostname).get(name);
  }

  /** Opens an address: typed in, or by a link on `from`. */
  navigate(url: string, from?: string): Promise<Answer> {
    return this.#ask(url, {}, { from, mode: 'navigate', dest: 'document' });
  }

  /** Submits a form of a page of `from`. */
  submit(url: string, form: Readonly<Record<string, string>>, from: string): Promise<Answer> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: from };
    const sent = { method: 'POST', body: new URLSearchParams(form).toString(), headers };
    return this.#ask(url, sent, { from, mode: 'navigate', dest: 'document' });
  }

  /** Loads an address in a frame of a page of `from`, as the OP does at a sign-out. */
  frame(url: string, from: string): Promise<Answer> {
    return this.#ask(url, {}, { from, mode: 'navigate', dest: 'iframe' });
  }

  /** What a script of a page of the same origin does by `fetch`. */
  fetch(url: string, sent: Sent = {}): Promise<Answer> {
    const { origin } = new URL(url);
    const method = sent.method ?? 'GET';
    const headers = { accept: '*/*', ...(method !== 'GET' && method !== 'HEAD' && { origin }), ...sent.headers };
    return this.#ask(url, { ...sent, headers }, { from: origin, mode: 'cors', dest: 'empty' });
  }

  /** Follows an answer's redirects as navigations, until an answer is none or would lead to where `stop` says. */
  async follow(answer: Answer, stop: (location: URL) => boolean = () => false): Promise<Answer> {
    let current = answer;
    for (let hops = 0; hops < REDIRECTS_MAX; hops += 1) {
      const next = locationOf(current);
      if (next === null || stop(next)) return current;
      current = await this.navigate(next.href, new URL(current.url).origin);
    }
    throw new Error('redirected without end');
  }

  async #ask(
    url: string,
    sent: Sent,
    context: { readonly from: string | undefined; readonly mode: string; readonly dest: string },
  ): Promise<Answer> {
    const { hostname, pathname } = new URL(url);
    const site = siteBetween(context.from, url);
    const method = sent.method ?? 'GET';
    const cookie = this.jar.header(hostname, pathname, {
      crossSite: site === 'cross-site',
      topLevelGet: method === 'GET' && context.dest === 'document',
    });
    const answer = await this.#send(url, {
      ...sent,
      headers: {
        accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
        'sec-fetch-site': site,
        'sec-fetch-mode': context.mode,
        'sec-fetch-dest': context.dest,
        ...(cookie !== undefined && { cookie }),
        ...sent.headers,
      },
    });
    this.jar.store(hostname, answer.setCookies);
    return answer;
  }
}

/** Where an answer redirects to, absolute; null where it is no redirect. */
export function locationOf({ status, headers, url }: Answer): URL | null {
  return status >= 300 && status < 400 && headers.location ? new URL(headers.location, url) : null;
}

/** `localhost` is a top-level domain of its own, so each `name.localhost` is a site; ports do not count for sites. */
function siteBetween(from: string | undefined, url: string): 'none' | 'same-origin' | 'same-site' | 'cross-site' {
  if (from === undefined) return 'none';
  const [before, after] = [URL.parse(from), new URL(url)];
  if (before?.origin === after.origin) return 'same-origin';
  return before?.hostname === after.hostname ? 'same-site' : 'cross-site';
}
