import { Server } from 'node:net';
import type { ProgrammingModel } from './functions-core.ts';

/**
 * Asks the library for its capabilities, which in stream mode starts its HTTP server.
 *
 * The library listens on all interfaces; while it starts, `listen` is held to the loopback address, so that nobody else
 * on the network reaches the functions past this host.
 *
 * @returns the port of the library's server, or undefined without `enableHttpStream`
 */
export async function startLibraryServer(model: ProgrammingModel): Promise<number | undefined> {
  const { listen } = Server.prototype;
  Server.prototype.listen = function (this: Server, onListening?: () => void) {
    return listen.call(this, { port: 0, host: '127.0.0.1' }, onListening);
  } as typeof listen;
  let capabilities: Promise<Record<string, string>>;
  try {
    capabilities = model.getCapabilities({});
  } finally {
    Server.prototype.listen = listen;
  }
  const { HttpUri } = await capabilities;
  return HttpUri ? Number(new URL(HttpUri).port) : undefined;
}
