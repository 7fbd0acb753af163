import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As the Functions library does in streaming mode: it writes without waiting, and ends. */
export async function writeOut(response: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
  response.setHeader('x-answer', 'yes');
  for await (const piece of body) response.write(piece);
  response.end();
}

export interface Library extends AsyncDisposable {
  /** Asks with an invocation id, and settles when the answer begins; nothing of it is read. */
  ask(invocationId: string): Promise<IncomingMessage>;
}

/** @param handle called with the invocation id of each request */
export async function startLibrary(
  handle: (invocationId: string, response: ServerResponse, incoming: IncomingMessage) => unknown,
): Promise<Library> {
  const server = createServer((incoming, response) =>
    handle(String(incoming.headers['x-ms-invocation-id']), response, incoming),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    async ask(invocationId) {
      const outgoing = request({
        host: '127.0.0.1',
        port,
        agent: false,
        headers: { 'x-ms-invocation-id': invocationId },
      });
      outgoing.end();
      const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
      return incoming;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
