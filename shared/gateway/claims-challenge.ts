import { parseWwwAuthenticate } from '../http/www-authenticate.ts';
import { type ClaimsRequest, parseClaimsRequest } from '../oidc/claims-request.ts';

const CHALLENGE_CHARACTERS_MAX = 8 * 1024;
/** Both alphabets of RFC 4648, with padding or without. */
const BASE64 = /^[\w+/-]+={0,2}$/;

/**
 * The claims that an API wants in a token before it takes one: an `insufficient_claims` of a `Bearer` challenge, its `claims`
 * base64 or base64url of JSON, or the JSON itself, quoted. What is none, or not well-formed, says nothing.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function claimsChallenge(wwwAuthenticate: string | readonly string[] | undefined): ClaimsRequest | null {
  for (const { scheme, parameters } of parseWwwAuthenticate(wwwAuthenticate)) {
    if (scheme !== 'bearer' || parameters.get('error') !== 'insufficient_claims') continue;
    const request = readClaims(parameters.get('claims') ?? '');
    if (request !== null) return request;
  }
  return null;
}

function readClaims(text: string): ClaimsRequest | null {
  if (text.length > CHALLENGE_CHARACTERS_MAX) return null;
  const json = text.startsWith('{')
    ? utf8(Buffer.from(text, 'latin1'))
    : BASE64.test(text)
      ? utf8(Buffer.from(text, 'base64'))
      : null;
  return json === null ? null : parseClaimsRequest(json);
}

/** A header's bytes come as characters, one each. Null for what is not UTF-8. */
function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
