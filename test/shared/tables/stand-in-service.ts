import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request about an entity; or breaks off, or does not answer at all. */
export type Answer = (response: ServerResponse) => void;

export interface StandInService {
  readonly connectionString: string;
  readonly endpoint: string;
  /** What every creation of a table is answered. */
  creation: Answer;
  /** What requests about entities are answered, in turn; the last answer goes on. */
  answers: readonly Answer[];
  /** `METHOD /path` of the requests since the last look. */
  readonly requests: { readonly creations: number; readonly entities: readonly string[] };
  /** The headers of those about entities. */
  readonly headers: readonly IncomingHttpHeaders[];
  /** How many were opened since the last look. */
  connections(): number;
  /** Forgets the requests, and answers from the first answer again. */
  reset(): void;
  close(): Promise<void>;
}

const JSON_TYPE = { 'content-type': 'application/json;odata=minimalmetadata' };

/** What the service answers for an error: its code is in the body, as the SDK reads it. */
export function failed(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(status, { ...JSON_TYPE, ...headers });
    response.end(JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: 'in words' } } }));
  };
}

export function answered(status: number, body = '', headers: Readonly<Record<string, string>> = JSON_TYPE): Answer {
  return (response) => {
    response.writeHead(status, headers);
    response.end(body);
  };
}

/** A success that a list, a read and a write all take, of the entity that a read asks for. */
export const done: Answer = (response) => {
  const [, PartitionKey = 'p', RowKey = 'r'] = /PartitionKey='(.*)',RowKey='(.*)'\)/.exec(response.req.url ?? '') ?? [];
  const entity = { 'odata.etag': 'W/"1"', PartitionKey, RowKey, a: 'x' };
  const status = response.req.method === 'GET' ? 200 : 204;
  const body = response.req.url?.includes('(PartitionKey=') ? entity : { value: [entity] };
  response.writeHead(status, { ...JSON_TYPE, etag: 'W/"1"' });
  response.end(status === 200 ? JSON.stringify(body) : undefined);
};

/** The connection is lost before an answer. */
export const reset: Answer = (response) => {
  response.socket?.resetAndDestroy();
};

/** The connection is lost within the answer. */
export const cutOff: Answer = (response) => {
  response.writeHead(response.req.method === 'GET' ? 200 : 400, { ...JSON_TYPE, 'content-length': '1000' });
  response.write('{"odata.etag":"W/1",', () => response.socket?.resetAndDestroy());
};

/** No answer comes, until the caller gives up. */
export const hangs: Answer = () => {};

/** A stand-in for Table Storage on loopback, for the faults that no emulator can be asked for. */
export async function startStandInService(): Promise<StandInService> {
  let entities: string[] = [];
  let headers: IncomingHttpHeaders[] = [];
  let creations = 0;
  let turn = 0;
  let connections = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    request.resume().once('end', () => {
      if (request.method === 'POST' && request.url?.startsWith('/account/Tables')) {
        creations += 1;
        service.creation(response);
        return;
      }
      entities.push(`${request.method} ${request.url}`);
      headers.push(request.headers);
      const answer = service.answers[Math.min(turn, service.answers.length - 1)] ?? done;
      turn += 1;
      answer(response);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/account`;
  const service: StandInService = {
    endpoint,
    connectionString: `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=a2V5;TableEndpoint=${endpoint}`,
    creation: failed(409, 'TableAlreadyExists'),
    answers: [done],
    get requests() {
      return { creations, entities };
    },
    get headers() {
      return headers;
    },
    connections: () => connections,
    reset() {
      connections = 0;
      entities = [];
      headers = [];
      creations = 0;
      turn = 0;
    },
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
  return service;
}
