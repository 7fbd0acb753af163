import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What went over the wire to storage and back: requests and bytes, heads and all. */
export interface Traffic {
  reads: number;
  writes: number;
  sentBytes: number;
  answeredBytes: number;
}

/** Passes bytes on as they are, and counts them. In no timed phase: it would be a hop more. */
export interface CountingProxy {
  readonly connectionString: string;
  /** What has come by since it was last asked. */
  take(): Traffic;
  close(): Promise<void>;
}

const REQUEST = /^([A-Z]+) (\S+) HTTP\/1\.1\r\n/;
/** Of a timer of the host, which may sweep at any time and is part of no call. */
const OF_THE_TIMER = /\/expiries\b/;

const nothing = (): Traffic => ({ reads: 0, writes: 0, sentBytes: 0, answeredBytes: 0 });

/** @param connectionString with a `TableEndpoint` of plain http */
export async function startCountingProxy(connectionString: string, endpoint: string): Promise<CountingProxy> {
  const { hostname, port, origin } = new URL(endpoint);
  let traffic = nothing();
  const sockets = new Set<Socket>();
  const server = createServer((asking) => {
    const storage = connect(Number(port), hostname);
    // A connection carries one request at a time, and a request begins with a piece of its own.
    let counts = true;
    asking.on('data', (piece) => {
      const [, method, path = ''] = REQUEST.exec(piece.toString('latin1', 0, 4_096)) ?? [];
      if (method !== undefined) {
        counts = !OF_THE_TIMER.test(path);
        if (counts) traffic[method === 'GET' ? 'reads' : 'writes'] += 1;
      }
      if (counts) traffic.sentBytes += piece.length;
      storage.write(piece);
    });
    storage.on('data', (piece) => {
      if (counts) traffic.answeredBytes += piece.length;
      asking.write(piece);
    });
    for (const [one, other] of [
      [asking, storage],
      [storage, asking],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    connectionString: connectionString.replace(endpoint, endpoint.replace(origin, own)),
    take() {
      const taken = traffic;
      traffic = nothing();
      return taken;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}
