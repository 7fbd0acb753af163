import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { selfSignedPem } from '../settings/certificate.ts';

/**
 * The protocols that a client offers in its TLS handshake (ALPN, RFC 7301), of which a server picks one. The handshake comes to
 * nothing: whose certificate it is nobody knows.
 */
export async function offeredProtocols(connect: (origin: string) => Promise<unknown>): Promise<readonly string[]> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  let offered: readonly string[] = [];
  const server = createServer({
    key,
    cert: selfSignedPem(privateKey),
    ALPNCallback: ({ protocols }) => {
      offered = protocols;
      return protocols[0];
    },
  });
  server.on('tlsClientError', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await connect(`https://127.0.0.1:${(server.address() as AddressInfo).port}`).catch(() => undefined);
  await once(server.close(), 'close');
  return offered;
}
