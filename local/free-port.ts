import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that systems hand out by themselves (Linux from 32768, others from 49152): nobody's outgoing connection, and no
 * server that asks for any port, takes one of these between the look at it and its use.
 */
const [LOWEST, HIGHEST] = [20_000, 32_000];

/** A port of the loopback address that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    const refusal = await portRefusal(port);
    if (refusal === null) return port;
    if (refusal !== 'EADDRINUSE') throw new Error(`no port of the loopback address can be opened (${refusal})`);
  }
}

/** The system's code for why it does not give this port of the loopback address; null where it does. */
export async function portRefusal(port: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
  server.close();
  await once(server, 'close');
  return null;
}
