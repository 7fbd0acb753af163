import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

/** As long as Graph waits. */
const DEADLINE_MILLISECONDS = 10_000;

export interface Posted {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/**
 * Posts to an application on this machine. `*.localhost` names, which Node's resolver may not know, are this machine.
 *
 * @returns null where nobody answers in time
 */
export async function postTo(url: string, body: string, contentType: string): Promise<Posted | null> {
  const { host, port, pathname, search } = new URL(url);
  const outgoing = request({
    hostname: '127.0.0.1',
    port,
    path: `${pathname}${search}`,
    method: 'POST',
    agent: false,
    signal: AbortSignal.timeout(DEADLINE_MILLISECONDS),
    headers: { host, 'content-type': contentType, 'content-length': Buffer.byteLength(body) },
  });
  outgoing.end(body);
  try {
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    return { status: incoming.statusCode ?? 0, contentType: incoming.headers['content-type'] ?? '', text };
  } catch {
    return null;
  }
}
