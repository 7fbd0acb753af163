import type { Ask } from './ask.ts';
import type { Found } from './asked.ts';
import { objectIn, type Reply } from './reply.ts';

const WELL_KNOWN = '.well-known/openid-configuration';
const PLACES_MAX = 6;

/**
 * Looks for the discovery document that the application goes by: it names the very endpoint to which the sign-in leads.
 *
 * @param address where the sign-in leads
 * @param told where it is, if somebody has said so
 * @returns with it, what the last place asked has answered
 */
export async function findMetadata(
  ask: Ask,
  address: URL,
  told: string | null,
): Promise<{ readonly found: Found | null; readonly reply: Reply | null }> {
  let last: Reply | null = null;
  for (const url of told === null ? placesFor(address) : [told]) {
    last = await ask(url);
    const document = last.kind === 'answered' && last.status === 200 ? objectIn(last) : null;
    if (document !== null && (told !== null || leadsTo(document, address))) {
      return { found: { url, document }, reply: last };
    }
  }
  return { found: null, reply: last };
}

/**
 * Under the path of the authorization endpoint, which most OPs have under their issuer: Entra ID's place first, then from the inside
 * out.
 *
 * @see OpenID Connect Discovery 1.0 section 4
 */
export function placesFor({ origin, pathname }: URL): string[] {
  const segments = pathname.split('/').filter((segment) => segment !== '');
  const entra = /^(\/[^/]+)\/oauth2\/v2\.0\/authorize$/.exec(pathname);
  const bases = segments.map((_, index) => segments.slice(0, segments.length - 1 - index));
  const places = bases.map((base) => [origin, ...base, WELL_KNOWN].join('/'));
  return [...(entra ? [`${origin}${entra[1]}/v2.0/${WELL_KNOWN}`] : []), ...places].slice(0, PLACES_MAX);
}

function leadsTo({ authorization_endpoint: endpoint }: Found['document'], address: URL): boolean {
  const named = typeof endpoint === 'string' ? URL.parse(endpoint) : null;
  return named !== null && named.origin === address.origin && named.pathname === address.pathname;
}
