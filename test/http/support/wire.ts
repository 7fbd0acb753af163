import { type IncomingHttpHeaders, request } from 'node:http';

/** What goes out, to the letter: nothing is added but `Host` and what the body needs. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The request target as it goes on the wire, where a URL parser would tidy it. */
  readonly target?: string;
  /** Where to connect, if not at the URL's port: one of several instances behind one origin. */
  readonly port?: number;
}

export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly setCookies: readonly string[];
  readonly bytes: Buffer;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

/**
 * Sends one request and follows nothing. `*.localhost` names, which Node's resolver may not know, are this machine.
 *
 * @throws Error where nobody listens or the connection breaks off
 */
export function send(url: string, { method = 'GET', headers = {}, body, target, port }: Sent = {}): Promise<Answer> {
  const { host, port: ownPort, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({
      hostname: '127.0.0.1',
      port: port ?? ownPort,
      path: target ?? `${pathname}${search}`,
      method,
      agent: false,
      headers: { host, ...(body !== undefined && lengthOf(body, headers)), ...headers },
    });
    outgoing.once('error', reject);
    outgoing.once('response', async (incoming) => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk as Buffer);
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        resolve({
          url,
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          setCookies: incoming.headers['set-cookie'] ?? [],
          bytes,
          text,
          json: () => JSON.parse(text),
        });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.end(body);
  });
}

/** A body goes in chunks, and does not say how long it is, where the headers say so. */
const lengthOf = (body: string | Uint8Array, headers: NonNullable<Sent['headers']>) =>
  'transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) };
