import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';

/** A JWT's two parts that say something. */
export interface TokenParts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface ForgeKey {
  readonly kid: string;
  readonly alg: 'RS256' | 'ES256';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

function makeKey(alg: ForgeKey['alg'], kid: string): ForgeKey {
  const pair =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, alg, ...pair };
}

/** The two that the door's OP publishes, and two that nobody does, under the same names. */
export const OWN_KEYS = [makeKey('RS256', 'published-rsa'), makeKey('ES256', 'published-ec')] as const;
export const STRANGER_KEYS = [makeKey('RS256', 'published-rsa'), makeKey('ES256', 'published-ec')] as const;

export const publicJwk = ({ publicKey, kid, alg }: ForgeKey) => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  alg,
  use: 'sig',
});

/** Every form in which a careless verifier may take a public key for a shared secret. */
export function publicKeyForms(key: ForgeKey): readonly (string | Buffer)[] {
  const { publicKey } = key;
  const pem = publicKey.export({ format: 'pem', type: 'spki' }) as string;
  const jwk = publicJwk(key) as Record<string, unknown>;
  const { kid: _kid, alg: _alg, use: _use, ...bare } = jwk;
  const part = Buffer.from(String(jwk.n ?? jwk.x), 'base64url');
  return [
    pem,
    pem.trim(),
    publicKey.export({ format: 'der', type: 'spki' }),
    JSON.stringify(jwk),
    JSON.stringify(bare),
    part,
    '',
  ];
}

export const encode = (text: string | Uint8Array): string => Buffer.from(text).toString('base64url');

/** Signs texts as they are, JSON or not. */
export function signTexts(header: string, claims: string, { alg, privateKey }: ForgeKey): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  const key = alg === 'ES256' ? { key: privateKey, dsaEncoding: 'ieee-p1363' as const } : privateKey;
  return `${signed}.${encode(signBytes('sha256', Buffer.from(signed), key))}`;
}

/** Signs what is given under the key's own `alg` and `kid`, unless the header says otherwise. */
export function signParts({ header, claims }: TokenParts, key: ForgeKey): string {
  return signTexts(JSON.stringify({ alg: key.alg, kid: key.kid, ...header }), JSON.stringify(claims), key);
}

/** Signs with a shared secret. */
export function signShared(
  { header, claims }: TokenParts,
  alg: 'HS256' | 'HS384' | 'HS512',
  secret: string | Buffer,
): string {
  const signed = `${encode(JSON.stringify({ ...header, alg }))}.${encode(JSON.stringify(claims))}`;
  return `${signed}.${createHmac(`sha${alg.slice(2)}`, secret)
    .update(signed)
    .digest('base64url')}`;
}
