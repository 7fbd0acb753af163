/** Asymmetric only: with a shared-secret algorithm a public key could be passed off as the secret (RFC 8725 section 2.1). */
export const SIGNING_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;
