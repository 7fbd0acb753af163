import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that systems hand out by themselves (Linux from 32768, others from 49152): nobody's outgoing connection, and no
 * server that asks for any port, takes one of these between the look at it and its use.
 */
const [LOWEST, HIGHEST] = [20_000, 32_000];

const TRIES_MAX = 100;
const given = new Set<number>();

/** A port of the loopback address that nobody listens on at this moment, and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (given.has(port) || (await portRefusal(port)) !== null) continue;
    given.add(port);
    return port;
  }
  throw new Error(`of ${TRIES_MAX} ports from ${LOWEST} to ${HIGHEST} none is free`);
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
