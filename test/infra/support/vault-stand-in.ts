import { generateKeyPairSync } from 'node:crypto';
import { selfSignedPem } from '../../shared/settings/certificate.ts';
import { keyOf } from '../../shared/settings/environment.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const certificate = `${privateKey.export({ type: 'pkcs8', format: 'pem' })}${selfSignedPem(privateKey)}`;

/** What a vault might hold, by the names of its secrets. */
const SECRETS: Readonly<Record<string, string>> = {
  'session-keys': `k1:${keyOf(1)}`,
  'auth-client-secret': 'a-secret',
  'auth-client-certificate': certificate,
  'trusted-proxy': 'X-Azure-FDID: 11111111-2222-3333-4444-555555555555',
  'security-events-authorization': 'Bearer agreed-on',
};

/** Settings as the application gets them, once App Service has put secrets in the place of references to them. */
export function resolveReferences(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const [, secretName = ''] =
        /^@Microsoft\.KeyVault\(SecretUri=https:\/\/[^/]+\/secrets\/([^/)]+)\)$/.exec(value) ?? [];
      return [name, SECRETS[secretName] ?? value];
    }),
  );
}
