import { randomUUID, X509Certificate } from 'node:crypto';
import { type CryptoKey, importPKCS8, SignJWT } from 'jose';
import { untilItWorks } from '../ambient/until-it-works.ts';

/** As MSAL signs at the token endpoint, so that one registration of the certificate serves all endpoints. */
const ALGORITHM = 'PS256';
/** It is sent at once, and to one endpoint: longer than a request takes and clocks differ nobody needs it. */
const ASSERTION_SECONDS = 60;

interface Certificate {
  readonly privateKeyPem: string;
  /** The certificate's own first. */
  readonly certificatesPem: string;
}

/**
 * Makes client assertions with the application's certificate (`private_key_jwt`), each for one audience and with an id of its
 * own. The OP finds the key by the certificate's thumbprint, or in the certificate itself.
 *
 * @param now milliseconds since the epoch
 * @see RFC 7523 section 3; OpenID Connect Core 1.0 section 9
 */
export function privateKeyJwt(
  clientId: string,
  { privateKeyPem, certificatesPem }: Certificate,
  now: () => number,
): (audience: string) => Promise<string> {
  const key: () => Promise<CryptoKey> = untilItWorks(() => importPKCS8(privateKeyPem, ALGORITHM));
  const { fingerprint256 } = new X509Certificate(certificatesPem);
  const header = {
    alg: ALGORITHM,
    typ: 'JWT',
    'x5t#S256': Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
    x5c: chainOf(certificatesPem),
  };
  return async (audience) => {
    const issuedAt = Math.floor(now() / 1_000);
    return new SignJWT({ iss: clientId, sub: clientId, aud: audience, jti: randomUUID() })
      .setProtectedHeader(header)
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(issuedAt + ASSERTION_SECONDS)
      .sign(await key());
  };
}

/** RFC 7515 section 4.1.6: DER in base64, no PEM lines around it. */
function chainOf(certificatesPem: string): string[] {
  const blocks = certificatesPem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, body = '']) => body.replace(/\s+/g, ''));
}
