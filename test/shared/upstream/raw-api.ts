import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RawApi extends AsyncDisposable {
  readonly origin: string;
}

/** An API on a loopback port of its own that leaves every byte, of the request as of the answer, to the test. */
export async function startRawApi(listener: RequestListener): Promise<RawApi> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** All that is left to read of it. */
export async function bytesOf(body: AsyncIterable<Uint8Array> | IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
