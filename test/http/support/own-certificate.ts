import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { selfSignedPem } from '../../shared/settings/certificate.ts';

/** A certificate of the application's own, key and chain as a setting has it, and the public key as an OP registers it. */
export function ownCertificate() {
  // Node's gives objects of another realm than a test's, which the OP's library does not take for plain ones.
  const ofNode = globalThis.structuredClone;
  beforeAll(() => {
    globalThis.structuredClone = (value) => JSON.parse(JSON.stringify(value));
  });
  afterAll(() => {
    globalThis.structuredClone = ofNode;
  });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() + selfSignedPem(privateKey),
    jwk: { ...createPublicKey(privateKey).export({ format: 'jwk' }), alg: 'PS256', use: 'sig' },
  };
}
