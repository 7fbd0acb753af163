import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { createMsalTokenClient } from '../../../shared/msal/msal-token-client.ts';
import { OP_METADATA, testApplication } from '../../support/application.ts';
import { createTestStore } from '../../support/store.ts';
import { selfSignedPem } from '../settings/certificate.ts';

it('a certificate signs as Entra ID wants it: PS256, its SHA-256 thumbprint, its chain, for the token endpoint', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const certificatesPem = selfSignedPem(privateKey);
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const { op } = testApplication({}, createTestStore()).application.settings;
  const forms: URLSearchParams[] = [];
  const refusing = async (_: unknown, init?: RequestInit) => {
    forms.push(new URLSearchParams(String(init?.body)));
    return Response.json({ error: 'invalid_scope' }, { status: 400 });
  };
  const credential = { kind: 'certificate', privateKeyPem, certificatesPem } as const;
  const client = createMsalTokenClient({ ...op, credential }, OP_METADATA, Date.now, null, refusing as typeof fetch);
  await client.ofApplication('api://a/.default');
  const [form = new URLSearchParams()] = forms;
  const assertion = form.get('client_assertion') ?? '';
  const { raw, fingerprint256 } = new X509Certificate(certificatesPem);
  expect(decodeProtectedHeader(assertion)).toMatchObject({
    alg: 'PS256',
    'x5t#S256': Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
    x5c: [raw.toString('base64')],
  });
  const { clientId } = op;
  // MSAL rounds the time to whole seconds, so that `nbf` may be half a second ahead.
  const expected = { issuer: clientId, subject: clientId, audience: OP_METADATA.token_endpoint, clockTolerance: 1 };
  await jwtVerify(assertion, publicKey, { ...expected, requiredClaims: ['exp', 'jti'] });
  expect(form.has('client_secret')).toBe(false);
});
