import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { selfSignedPem } from './certificate.ts';
import { problemsWith, settingsWith, TENANT } from './environment.ts';

const rsaKey = (modulusLength: number): KeyObject => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const pemOf = (key: KeyObject, type: 'pkcs1' | 'pkcs8' = 'pkcs8'): string =>
  key.export({ type, format: 'pem' }).toString();

const key = rsaKey(2048);
const otherKey = rsaKey(2048);
const certificate = selfSignedPem(key);
const issuer = selfSignedPem(otherKey, 'exeunt test issuer');
const shortKey = rsaKey(1024);
const pssKey = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey;
const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();

const instead = (more: Record<string, string>) => ({ AUTH_CLIENT_SECRET: undefined, ...more });
const GROUP = 'AUTH_CLIENT_SECRET | AUTH_CLIENT_CERTIFICATE | AUTH_MANAGED_IDENTITY_CLIENT_ID';

describe('the client credential', () => {
  it('is a secret', () => {
    expect(settingsWith({ AUTH_CLIENT_SECRET: ' s~3.cret\n' }).op.credential).toEqual({
      kind: 'secret',
      secret: 's~3.cret',
    });
  });

  it('is a managed identity, its GUID in lower case', () => {
    const { op } = settingsWith(instead({ AUTH_MANAGED_IDENTITY_CLIENT_ID: 'ABCDEF00-2222-3333-4444-555555555555' }));
    expect(op.credential).toEqual({
      kind: 'managed-identity',
      managedIdentityClientId: 'abcdef00-2222-3333-4444-555555555555',
    });
  });

  it.each([
    ['with line ends', pemOf(key) + certificate + issuer],
    ['with the certificate first', certificate + issuer + pemOf(key)],
    ['with a PKCS#1 key', pemOf(key, 'pkcs1') + certificate + issuer],
    ['with line ends written as \\n', (pemOf(key) + certificate + issuer).replaceAll('\n', '\\n')],
    ['with line ends written as \\r\\n', (pemOf(key) + certificate + issuer).replaceAll('\n', '\\r\\n')],
    ['with line ends that became spaces', (pemOf(key) + certificate + issuer).replaceAll('\n', ' ')],
    ['with words between the blocks', `Bag Attributes\n${pemOf(key)}subject=CN\n${certificate}\n${issuer}`],
  ])('is a certificate %s', (_, pem) => {
    const { credential } = settingsWith(instead({ AUTH_CLIENT_CERTIFICATE: pem })).op;
    if (credential.kind !== 'certificate') throw new Error('another kind');
    expect(credential.privateKeyPem).toBe(pemOf(key));
    expect(credential.certificatesPem).toBe(certificate + issuer);
    expect(new X509Certificate(credential.certificatesPem).subject).toBe('CN=exeunt test');
  });

  it.each([
    ['no private key', certificate, /no private key/],
    ['no certificate', pemOf(key), /no certificate/],
    ['neither', 'certificate.pem', /no private key.*no certificate/],
    ["another certificate's key", pemOf(otherKey) + certificate, /not that of its first certificate/],
    ['its certificate second', pemOf(key) + issuer + certificate, /not that of its first certificate/],
    ['two private keys', pemOf(key) + pemOf(otherKey) + certificate, /more than one private key/],
    ['an encrypted key', encrypted + certificate, /encrypted/],
    ['an EC key, which MSAL cannot sign with', pemOf(ecKey) + certificate, /not RSA/],
    ['a key for RSA-PSS alone', pemOf(pssKey) + certificate, /not RSA/],
    ['a short RSA key', pemOf(shortKey) + selfSignedPem(shortKey), /at least 2048 bits/],
    ['a damaged key', pemOf(key).replace(/\n.{64}/, '\n') + certificate, /private key that cannot be read/],
    ['a damaged chain', pemOf(key) + certificate + issuer.replace(/\n.{64}/, '\n'), /number 2\) that cannot be read/],
  ])('is refused as a certificate with %s', (_, pem, problem) => {
    const problems = problemsWith(instead({ AUTH_CLIENT_CERTIFICATE: pem }));
    expect(problems).toEqual({ AUTH_CLIENT_CERTIFICATE: expect.stringMatching(problem) });
  });

  it.each([
    ['AUTH_CLIENT_SECRET', 'a\u0007b', /not visible ASCII/],
    ['AUTH_CLIENT_SECRET', 'naïve', /not visible ASCII/],
    ['AUTH_MANAGED_IDENTITY_CLIENT_ID', 'exeunt-identity', /not a GUID/],
    ['AUTH_MANAGED_IDENTITY_CLIENT_ID', `${TENANT}0`, /not a GUID/],
  ])('is refused as %s=%j', (name, value, problem) => {
    expect(problemsWith(instead({ [name]: value }))).toEqual({ [name]: expect.stringMatching(problem) });
  });

  it('must be there', () => {
    expect(problemsWith(instead({}))).toEqual({ [GROUP]: 'none is set, and exactly one must be' });
  });

  it('must be one only', () => {
    expect(problemsWith({ AUTH_MANAGED_IDENTITY_CLIENT_ID: TENANT })).toEqual({
      [GROUP]: 'AUTH_CLIENT_SECRET and AUTH_MANAGED_IDENTITY_CLIENT_ID are set, and exactly one must be',
    });
  });
});
