import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { createAuthority } from '../../../local/identity/certificates.ts';

const HOST = '127.0.0.1';

/** A server of this machine's by TLS too. */
export interface ByTls {
  readonly origin: string;
  /** What has a process trust it. */
  readonly environment: { readonly NODE_EXTRA_CA_CERTS: string };
  close(): Promise<void>;
}

/** Starts it on a free port, before a server that speaks plain http at this port. */
export async function byTls(port: number): Promise<ByTls> {
  const authority = createAuthority(Date.now());
  const server = createServer(authority.issue(HOST), (socket) => {
    const plain = connect(port, HOST);
    for (const end of [socket, plain]) end.on('error', () => [socket, plain].map((each) => each.destroy()));
    socket.pipe(plain).pipe(socket);
  });
  await once(server.listen(0, HOST), 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'exeunt-test-'));
  const file = join(folder, 'authority.pem');
  await writeFile(file, authority.certificate);
  return {
    origin: `https://${HOST}:${(server.address() as AddressInfo).port}`,
    environment: { NODE_EXTRA_CA_CERTS: file },
    async close() {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
