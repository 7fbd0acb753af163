import type { Server } from 'node:http';
import type { HttpFunction } from './function-table.ts';
import { HostError } from './host-error.ts';
import { answerByRpc } from './http-rpc.ts';
import { createHttpServer } from './http-server.ts';
import { createStreamAnswerer } from './http-stream.ts';
import type { Route } from './route-table.ts';
import { startLibraryServer } from './stream-mode.ts';
import type { Worker } from './worker.ts';

export interface AppServer {
  /** Not listening yet. */
  readonly server: Server;
  /** Whether the app has asked for `enableHttpStream`. */
  readonly isStreaming: boolean;
}

/**
 * Makes the server of an app that has been loaded, in the mode that the app has set up.
 *
 * @throws HostError where it has no programming model
 */
export async function createAppServer(
  worker: Worker,
  routes: readonly Route<HttpFunction>[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<AppServer> {
  if (!worker.programmingModel) throw new HostError('the app registered no programming model');
  const libraryPort = await startLibraryServer(worker.programmingModel);
  const answer = libraryPort === undefined ? answerByRpc : createStreamAnswerer(libraryPort);
  return {
    server: createHttpServer({ worker, routes, environment, answer }),
    isStreaming: libraryPort !== undefined,
  };
}
