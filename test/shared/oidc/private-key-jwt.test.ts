import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import { privateKeyJwt } from '../../../shared/oidc/private-key-jwt.ts';
import { selfSignedPem } from '../settings/certificate.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const [own, issuer] = [selfSignedPem(privateKey), selfSignedPem(privateKey, 'its issuer')];
const certificate = {
  privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  certificatesPem: own + issuer,
};
const NOW = Date.UTC(2026, 10, 29);

describe('a client assertion (RFC 7523 section 3)', () => {
  const assertionFor = privateKeyJwt('client-1', certificate, () => NOW);

  it('is of this client, for one audience, for a minute, and signed by the certificate that it names', async () => {
    const { payload, protectedHeader } = await jwtVerify(await assertionFor('https://op.example'), publicKey, {
      currentDate: new Date(NOW),
    });
    const seconds = NOW / 1_000;
    expect(payload).toEqual({
      iss: 'client-1',
      sub: 'client-1',
      aud: 'https://op.example',
      jti: expect.any(String),
      iat: seconds,
      nbf: seconds,
      exp: seconds + 60,
    });
    const thumbprint = new X509Certificate(own).fingerprint256.replaceAll(':', '');
    expect(protectedHeader).toEqual({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': Buffer.from(thumbprint, 'hex').toString('base64url'),
      x5c: [own, issuer].map((pem) => new X509Certificate(pem).raw.toString('base64')),
    });
  });

  it('is new each time: an OP may take one once', async () => {
    const ids = await Promise.all(
      ['a', 'a'].map(
        async (audience) =>
          (await jwtVerify(await assertionFor(audience), publicKey, { currentDate: new Date(NOW) })).payload.jti,
      ),
    );
    expect(ids[0]).not.toBe(ids[1]);
  });
});
