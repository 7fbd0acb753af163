import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { startLibraryServer } from '../../../local/host/stream-mode.ts';

/** A programming model whose server listens as the library's does: on any port of every interface. */
function modelWith(server: Server) {
  return {
    name: 'model',
    version: '1',
    getInvocationModel: () => {
      throw new Error('not asked for');
    },
    getCapabilities: async () => {
      server.listen(() => undefined);
      await once(server, 'listening');
      return { HttpUri: `http://localhost:${(server.address() as AddressInfo).port}/` };
    },
  };
}

describe('the server of the library', () => {
  it('listens on the loopback address alone', async () => {
    const server = createServer();
    const port = await startLibraryServer(modelWith(server));
    expect(server.address()).toMatchObject({ address: '127.0.0.1', port });
    server.close();
  });

  it('is the only one that is held to it', async () => {
    const server = createServer();
    await startLibraryServer(modelWith(server));
    server.close();
    const other = createServer().listen(0, '127.0.0.2');
    await once(other, 'listening');
    expect(other.address()).toMatchObject({ address: '127.0.0.2' });
    other.close();
  });
});
