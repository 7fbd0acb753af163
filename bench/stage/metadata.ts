import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OpMetadata } from '../../shared/oidc/metadata.ts';

export interface ServedMetadata {
  readonly metadata: OpMetadata;
  readonly metadataUrl: string;
  close(): Promise<void>;
}

/** The discovery document of an OP of which nothing else is ever asked. */
export async function serveMetadata(authority: string): Promise<ServedMetadata> {
  const metadata: OpMetadata = {
    issuer: `${authority}/v2.0`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
  };
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadata));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    metadata,
    metadataUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/openid-configuration`,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
