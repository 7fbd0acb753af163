import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { JsonServer } from './json-server.ts';

export const JWKS_PATH = '/keys';

/** A key pair of the OP. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: Readonly<Record<string, unknown>>;
}

export async function generateSigningKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Publishes these keys, and no others, as the OP's JWKS. */
export function publishKeys(server: JsonServer, ...keys: readonly SigningKey[]): void {
  server.answers.set(JWKS_PATH, { body: { keys: keys.map(({ jwk }) => jwk) } });
}

/** Signs whatever claims there are; nothing is added. */
export function sign(claims: JWTPayload, { kid, alg, privateKey }: SigningKey): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'JWT' }).sign(privateKey);
}
