import type { Server } from 'node:http';

/** Starts a server on the loopback address; port 0 takes a free one. Rejects when the port is taken. */
export async function listenOnLoopback(server: Server, port: number): Promise<{ readonly port: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', resolve);
  await promise;
  server.off('error', reject);
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : port };
}

/** Stops a server and what is connected to it; one that never started is no error. */
export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
