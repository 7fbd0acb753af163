import { createHash, randomBytes } from 'node:crypto';
import type { Application, Op } from '../../../local/op/op.ts';

/**
 * The least browser that signs in: a cookie jar for the provider's host, no scripts, redirects one at a time. It connects to
 * the loopback address, where `*.localhost` may not resolve.
 */
export class Browser {
  readonly #cookies = new Map<string, { value: string; path: string }>();
  readonly #op: Op;

  constructor(op: Op) {
    this.#op = op;
  }

  /** A browser with the same cookies, which keeps them whatever becomes of this one's. */
  copy(): Browser {
    const copy = new Browser(this.#op);
    for (const [name, cookie] of this.#cookies) copy.#cookies.set(name, cookie);
    return copy;
  }

  /** Follows redirects while they stay on the provider; the last answer, and the URL it came from. */
  async open(url: string, form?: Record<string, string>): Promise<{ response: Response; url: string; text: string }> {
    const response = await this.#once(url, form);
    const location = response.headers.get('location');
    const next = location && new URL(location, url).href;
    if (next && (next.startsWith(this.#op.origin) || next.startsWith(loopback(this.#op)))) return this.open(next);
    return { response, url: next || url, text: await response.text() };
  }

  async #once(url: string, form?: Record<string, string>): Promise<Response> {
    const target = new URL(url);
    const cookie = [...this.#cookies]
      .filter(([, { path }]) => target.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    target.hostname = '127.0.0.1';
    const response = await fetch(target, {
      method: form ? 'POST' : 'GET',
      headers: { cookie, accept: 'text/html' },
      redirect: 'manual',
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) this.#store(line);
    return response;
  }

  #store(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split('=');
    const path = attributes.find((one) => one.startsWith('path='))?.slice('path='.length) ?? '/';
    if (value) this.#cookies.set(name, { value, path });
    else this.#cookies.delete(name);
  }
}

function loopback(op: Op): string {
  return new URL(op.metadataUrl).origin;
}

/** Contoso and Fabrikam, registered as the two applications of the local environment are. */
export function testApplication(name: 'contoso' | 'fabrikam'): Application {
  const origin = `http://${name}.localhost:7071`;
  return {
    clientId: `${name}-client-id`,
    clientSecret: `${name}-secret`,
    name,
    redirectUris: [`${origin}/auth/callback`],
    postLogoutRedirectUris: [`${origin}/auth/signed-out`],
    frontchannelLogoutUri: `${origin}/auth/signout-callback`,
    apiScopes: ['api://graph/User.Read', 'api://graph/Mail.Read', 'api://reports/Report.Read'],
  };
}

/** An authorization request under way, with what its callback needs. */
export interface Attempt {
  readonly url: string;
  readonly verifier: string;
  readonly nonce: string;
  readonly application: Application;
}

/** Makes an authorization request: code, PKCE, state `s`, all Entra scopes that a web app asks for. */
export function attempt(op: Op, application: Application, more: Record<string, string> = {}): Attempt {
  const verifier = randomBytes(32).toString('base64url');
  const nonce = randomBytes(16).toString('base64url');
  const query = new URLSearchParams({
    client_id: application.clientId,
    redirect_uri: application.redirectUris[0] ?? '',
    response_type: 'code',
    response_mode: 'query',
    scope: 'openid profile offline_access api://graph/User.Read',
    state: 's',
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  return { url: `${tenantUrl(op)}/oauth2/v2.0/authorize?${query}`, verifier, nonce, application };
}

/** The tenant's URL on the browser's origin. */
export function tenantUrl(op: Op): string {
  return op.issuer.slice(0, -'/v2.0'.length);
}

/** Signs in, picking the user if the picker comes up; the callback's URL. */
export async function signIn(browser: Browser, started: Attempt, oid: string): Promise<URL> {
  const first = await browser.open(started.url);
  if (first.response.status !== 200) return new URL(first.url);
  return new URL((await browser.open(first.url, { account: oid })).url);
}

/** Posts to the token endpoint as the application. */
export async function postToken(op: Op, application: Application, form: Record<string, string>) {
  const metadata = (await (await fetch(op.metadataUrl)).json()) as { token_endpoint: string };
  const response = await fetch(metadata.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ client_id: application.clientId, client_secret: application.clientSecret, ...form }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Redeems the code of a callback. */
export function redeem(op: Op, started: Attempt, callback: URL, more: Record<string, string> = {}) {
  return postToken(op, started.application, {
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: started.application.redirectUris[0] ?? '',
    code_verifier: started.verifier,
    client_info: '1',
    ...more,
  });
}
