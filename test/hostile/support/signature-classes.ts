import fc from 'fast-check';
import {
  encode,
  type ForgeKey,
  publicKeyForms,
  STRANGER_KEYS,
  signParts,
  signShared,
  type TokenParts,
} from './forge.ts';
import { type Cases, ownKey, withClaims, withHeader, word } from './hostile-token.ts';

const strangerKey: fc.Arbitrary<ForgeKey> = fc.constantFrom(...STRANGER_KEYS);
const WAYS = ['flipped', 'cut', 'lengthened', 'empty', 'of other claims'] as const;

export const wrongKey: Cases = fc.oneof(
  fc.record({ signer: strangerKey, of: word }).map(({ signer, of }) => ({
    what: `a stranger's, ${signer.alg}, for ${of}`,
    forge: (good: TokenParts) => signParts(withClaims(good, { of }), signer),
  })),
  fc.record({ signer: ownKey, way: fc.constantFrom(...WAYS), at: fc.nat(10_000) }).map(({ signer, way, at }) => ({
    what: `${signer.alg}, signature ${way}, ${at}`,
    forge: (good: TokenParts) => spoilt(good, signer, way, at),
  })),
);

function spoilt(good: TokenParts, signer: ForgeKey, way: (typeof WAYS)[number], at: number): string {
  const [header = '', claims = '', signature = ''] = signParts(good, signer).split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const index = at % bytes.length;
  switch (way) {
    case 'flipped':
      bytes[index] = (bytes[index] ?? 0) ^ (1 << (at % 8));
      return `${header}.${claims}.${encode(bytes)}`;
    case 'cut':
      return `${header}.${claims}.${encode(bytes.subarray(0, index))}`;
    case 'lengthened':
      return `${header}.${claims}.${encode(Buffer.concat([bytes, Buffer.alloc(1 + (at % 64), at)]))}`;
    case 'empty':
      return `${header}.${claims}.`;
    case 'of other claims':
      return `${header}.${encode(JSON.stringify({ ...good.claims, jti: `another-${at}` }))}.${signature}`;
  }
}

const FOREIGN_KIDS = ['../keys', "' or 1=1 --", 'published-rsa ', 'PUBLISHED-RSA', ''];

export const wrongKid: Cases = fc.oneof(
  fc.record({ signer: ownKey, kid: fc.oneof(word, fc.constantFrom(...FOREIGN_KIDS)) }).map(({ signer, kid }) => ({
    what: `kid ${JSON.stringify(kid)}, ${signer.alg}`,
    forge: (good: TokenParts) => signParts(withHeader(good, { kid }), signer),
  })),
  // Without a `kid` that is text the one key that fits is taken, and may be: these are signed by none that would.
  fc.record({ signer: strangerKey, kid: fc.constantFrom(undefined, null, 0, [], {}) }).map(({ signer, kid }) => ({
    what: `kid ${JSON.stringify(kid)}, a stranger's, ${signer.alg}`,
    forge: (good: TokenParts) => signParts(withHeader(good, { kid }), signer),
  })),
  // A key that comes with the token is whoever's the token is (RFC 8725 section 3.10).
  fc.record({ signer: strangerKey, jku: word }).map(({ signer, jku }) => ({
    what: `a key of its own in the header, from ${jku}`,
    forge: (good: TokenParts) => {
      const jwk = signer.publicKey.export({ format: 'jwk' });
      return signParts(withHeader(good, { jwk, jku: `https://${jku}.example/keys` }), signer);
    },
  })),
);

export const keyConfusion: Cases = fc
  .record({
    of: ownKey,
    alg: fc.constantFrom('HS256' as const, 'HS384' as const, 'HS512' as const),
    form: fc.nat(publicKeyForms(STRANGER_KEYS[0]).length - 1),
    named: fc.boolean(),
  })
  .map(({ of, alg, form, named }) => ({
    what: `${alg}, public ${of.alg} key in form ${form}${named ? ', with its kid' : ''}`,
    forge: (good) => signShared(named ? withHeader(good, { kid: of.kid }) : good, alg, publicKeyForms(of)[form] ?? ''),
  }));

const NONES = ['none ', '', null, undefined, []];
const anyCase = fc
  .array(fc.boolean(), { minLength: 4, maxLength: 4 })
  .map((capitals) => [...'none'].map((letter, at) => (capitals[at] ? letter.toUpperCase() : letter)).join(''));

export const algNone: Cases = fc
  .record({ signer: ownKey, alg: fc.oneof(fc.constantFrom(...NONES), anyCase, word), signed: fc.boolean() })
  .map(({ signer, alg, signed }) => ({
    what: `alg ${JSON.stringify(alg)}${signed ? `, signed by ${signer.alg}` : ''}`,
    forge(good) {
      const token = signParts(withHeader(good, { alg }), signer);
      return signed ? token : token.slice(0, token.lastIndexOf('.') + 1);
    },
  }));

const OTHER_TYPS = ['JWT', 'at+jwt', 'id_token+jwt', 'secevent+jwt', 'logout+jwt', 'dpop+jwt', 'oauth-authz-req+jwt'];

/** @param typs those that pass, in lower case, without `application/` */
export function wrongTyp(typs: readonly string[]): Cases {
  const passes = (typ: unknown): boolean =>
    typeof typ === 'string' && typs.includes(typ.toLowerCase().replace(/^application\//, ''));
  const near = typs.flatMap((typ) => [`${typ} `, ` ${typ}`, `${typ}2`, `x${typ}`, `text/${typ}`, [typ]]);
  const typ = fc.oneof(fc.constantFrom<unknown>(...OTHER_TYPS, ...near), fc.constantFrom('', null, 1, true), word);
  return fc.record({ signer: ownKey, typ: typ.filter((one) => !passes(one)) }).map(({ signer, typ }) => ({
    what: `typ ${JSON.stringify(typ)}, ${signer.alg}`,
    forge: (good) => signParts(withHeader(good, { typ }), signer),
  }));
}
