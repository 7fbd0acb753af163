import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on any free port of the loopback address, and says where in the words of the local host. */
export function tellWhere(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`host: listening on http://127.0.0.1:${port}\n`);
  });
}
