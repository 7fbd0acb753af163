import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type RequestListener,
  request,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerCertificate } from '../../../local/identity/certificates.ts';

/** What somebody in front of an application makes of what passes. */
export interface Meddling {
  /** Answers by itself: the status; undefined passes it on; `hang` never answers. */
  readonly instead?: (path: string, headers: IncomingHttpHeaders) => number | 'hang' | undefined;
  readonly request?: (headers: IncomingHttpHeaders) => OutgoingHttpHeaders;
  readonly answer?: (headers: IncomingHttpHeaders) => OutgoingHttpHeaders;
}

/** A proxy before an application, such as a badly set up gateway. */
export interface InFront {
  readonly origin: string;
  readonly port: number;
  /** Where it leads, and what it does there, from now on. */
  lead(port: number, meddling: Meddling): void;
  close(): Promise<void>;
}

/** @param certificate what it shows, where people come to it by https */
export async function startInFront(certificate?: ServerCertificate): Promise<InFront> {
  let target = 0;
  let meddling: Meddling = {};
  const pass: RequestListener = (incoming, response) => {
    const { url: path = '', method, headers } = incoming;
    const instead = meddling.instead?.(path, headers);
    if (instead === 'hang') return;
    if (instead !== undefined) return void response.writeHead(instead).end();
    const sent = { ...headers, ...meddling.request?.(headers) };
    const outgoing = request(
      { host: '127.0.0.1', port: target, path, method, headers: sent, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, meddling.answer?.(answer.headers) ?? answer.headers);
        answer.pipe(response);
      },
    );
    outgoing.once('error', () => response.destroy());
    incoming.pipe(outgoing);
  };
  const server = certificate ? createTlsServer(certificate, pass) : createServer(pass);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${certificate ? 'https' : 'http'}://contoso.localhost:${port}`,
    port,
    lead(to, how) {
      target = to;
      meddling = how;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
