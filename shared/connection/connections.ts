import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection } from './connection.ts';
import { pacedConnection } from './paced-connection.ts';
import { unpacedConnection } from './unpaced-connection.ts';

export interface Connections {
  /** The connection that an invocation answers; once. */
  take(invocationId: string): Connection;
}

/** By it the Functions host says which invocation a request is of, and the library keeps the two together by it. */
const INVOCATION_ID_HEADER = 'x-ms-invocation-id';

/**
 * In streaming mode the library serves HTTP inside the worker, and shows a function nothing of it: neither whether a
 * reader keeps up nor whether they are still there. Node tells everybody in the process of each request that a server of
 * its own begins to handle, before that server does.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#http `http.server.request.start`
 * @see https://github.com/Azure/azure-functions-nodejs-library `src/http/httpProxy.ts`
 */
export function watchConnections(): Connections {
  const responses = new Map<string, ServerResponse>();
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const invocationId = request.headers[INVOCATION_ID_HEADER];
    if (typeof invocationId !== 'string') return;
    responses.set(invocationId, response);
    // Most functions have no use for theirs.
    response.once('close', () => forget(invocationId, response));
  });
  const forget = (invocationId: string, response: ServerResponse): void => {
    if (responses.get(invocationId) === response) responses.delete(invocationId);
  };
  return {
    take(invocationId) {
      const response = responses.get(invocationId);
      responses.delete(invocationId);
      return response === undefined ? unpacedConnection() : pacedConnection(response);
    },
  };
}
