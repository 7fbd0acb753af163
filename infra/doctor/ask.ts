import { lookup as systemLookup } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Reply } from './reply.ts';
import { unansweredFor } from './unanswered.ts';

export interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A cold start of a function app is within it. */
  readonly deadlineMilliseconds?: number;
}

/** Asks once, follows nothing, keeps no cookie, never rejects. */
export type Ask = (url: string, sent?: Sent) => Promise<Reply>;

const DEADLINE_MILLISECONDS = 20_000;
/** An error page of Entra ID has up to 200 kB; what is longer says nothing more. */
const BODY_BYTES_MAX = 512 * 1024;

/**
 * @param signal ends what is being asked: it then counts as unanswered
 * @param now milliseconds since the epoch
 */
export function createAsk(signal: AbortSignal, now: () => number = Date.now): Ask {
  return (url, { method = 'GET', headers = {}, body, deadlineMilliseconds = DEADLINE_MILLISECONDS } = {}) =>
    new Promise((resolve) => {
      const sentAt = now();
      const deadline = AbortSignal.timeout(deadlineMilliseconds);
      const fail = (error: unknown): void => resolve(unansweredFor(deadline.aborted ? 'ETIMEDOUT' : codeOf(error)));
      const send = url.startsWith('https:') ? requestHttps : requestHttp;
      const outgoing = send(
        url,
        {
          method,
          // A connection of its own each time: only a new one shows its certificate.
          agent: false,
          headers: { 'user-agent': 'exeunt-doctor', accept: 'application/json', ...headers },
          signal: AbortSignal.any([signal, deadline]),
          lookup,
        },
        async (incoming) => {
          const receivedAt = now();
          try {
            const chunks: Buffer[] = [];
            let bytes = 0;
            for await (const chunk of incoming) {
              chunks.push(chunk as Buffer);
              bytes += (chunk as Buffer).length;
              if (bytes >= BODY_BYTES_MAX) break;
            }
            resolve({
              kind: 'answered',
              url,
              status: incoming.statusCode ?? 0,
              headers: Object.fromEntries(
                Object.entries(incoming.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]),
              ),
              setCookies: incoming.headers['set-cookie'] ?? [],
              text: Buffer.concat(chunks).toString(),
              sentAt,
              receivedAt,
              certificateEndsAt: certificateEnd(incoming.socket),
            });
          } catch (error) {
            fail(error);
          }
        },
      );
      outgoing.once('error', fail);
      outgoing.end(body);
    });
}

/** `*.localhost` is this machine (RFC 6761 section 6.3), which Node's resolver may not know; the system looks others up. */
const lookup: LookupFunction = (hostname, options, callback) => {
  if (hostname !== 'localhost' && !hostname.endsWith('.localhost')) {
    systemLookup(hostname, options, callback as never);
  } else if (options.all === true) {
    callback(null, [{ address: '127.0.0.1', family: 4 }]);
  } else {
    callback(null, '127.0.0.1', 4);
  }
};

function certificateEnd(socket: unknown): number | null {
  if (!(socket instanceof TLSSocket)) return null;
  const end = Date.parse(socket.getPeerCertificate().valid_to);
  return Number.isNaN(end) ? null : end;
}

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name);
}
