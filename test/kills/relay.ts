import { once } from 'node:events';
import { Agent, createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as passed } from 'node:timers/promises';

/** How long a call is held at most on its way to the service, and its answer on the way back: long enough to die in. */
const HELD_MILLISECONDS_MAX = 12;
const DISCOVERY = '/.well-known/openid-configuration';
const CONNECTION_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];

/** An instance of the application from its start to its death. */
export interface Life {
  readonly instance: number;
  /** Milliseconds since the epoch; null while it lives. */
  killedAt: number | null;
}

/** How far a call of a killed instance had come. */
export type CutAt =
  | 'lost on its way'
  | 'took effect after the death'
  | 'was in the service'
  | 'took effect, answer lost';

interface Call {
  readonly life: Life;
  readonly service: 'tables' | 'op';
  /** Whether it reaches the service though its sender has died meanwhile: a packet that was out already. */
  readonly outlives: boolean;
  stage: 'asked' | 'inside' | 'answered';
}

export interface Exchange {
  readonly life: Life;
  readonly path: string;
  readonly body: Buffer;
}

export interface RelayOptions {
  readonly tables: string;
  readonly op: string;
  readonly random: () => number;
  /** Called as a call sets out, and as its answer does: each a moment to die at. */
  readonly onMoment: (life: Life) => void;
  /** Told of each call that is handed to the OP; returns what is to be told of its answer. */
  readonly onOpCall: (call: Exchange) => (status: number, body: Buffer) => void;
}

/**
 * Stands between one instance and its services, Azure Tables and the OP: holds each call and each answer for a moment of
 * random length, and knows what was under way when the instance died.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #lives = new WeakMap<Socket, Life>();
  readonly #calls = new Set<Call>();
  #life: Life | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#server = createServer(async (incoming, response) => {
      const life = this.#lives.get(incoming.socket);
      if (life === undefined) throw new Error('a connection before any life');
      const answer = await this.#relay(incoming, life).catch(() => null);
      if (answer === null) return void incoming.socket.destroy();
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
    this.#server.keepAliveTimeout = 60_000;
    // A connection belongs to who lived when it was made: what a dying instance still had in the pipe is its own.
    this.#server.on('connection', (socket) => this.#life && this.#lives.set(socket, this.#life));
  }

  /** Listens on a free port of the loopback address. */
  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Whose calls come from now on. */
  serve(life: Life): void {
    this.#life = life;
  }

  /** How far the calls of a life are at this moment, at which it ends. */
  cut(life: Life): { service: Call['service']; at: CutAt }[] {
    const own = [...this.#calls].filter((call) => call.life === life);
    return own.map(({ service, stage, outlives }) => {
      if (stage === 'inside') return { service, at: 'was in the service' };
      if (stage === 'answered') return { service, at: 'took effect, answer lost' };
      return { service, at: outlives ? 'took effect after the death' : 'lost on its way' };
    });
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await once(this.#server, 'close');
  }

  async #relay(incoming: IncomingMessage, life: Life): Promise<Relayed | null> {
    const { random, onMoment, onOpCall } = this.#options;
    const path = incoming.url ?? '/';
    const service = path.startsWith('/devstoreaccount1/') ? 'tables' : 'op';
    const call: Call = { life, service, outlives: random() < 0.5, stage: 'asked' };
    const body = await bodyOf(incoming);
    this.#calls.add(call);
    try {
      onMoment(life);
      await passed(random() * HELD_MILLISECONDS_MAX);
      if (life.killedAt !== null && !call.outlives) return null;
      call.stage = 'inside';
      const answered = service === 'op' ? onOpCall({ life, path, body }) : undefined;
      const answer = await this.#ask(service, incoming, body);
      answered?.(answer.status, answer.body);
      call.stage = 'answered';
      onMoment(life);
      await passed(random() * HELD_MILLISECONDS_MAX);
      return answer;
    } finally {
      this.#calls.delete(call);
    }
  }

  async #ask(service: Call['service'], { method, url, headers }: IncomingMessage, body: Buffer): Promise<Relayed> {
    const { hostname, port, origin } = new URL(this.#options[service]);
    const outgoing = request({
      hostname,
      port,
      path: url,
      method,
      agent: this.#agent,
      headers: { ...withoutConnection(headers), 'content-length': body.length },
    });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const bytes = await bodyOf(answer);
    // Its back channel, too, leads through here.
    const isDiscovery = url?.split('?')[0]?.endsWith(DISCOVERY);
    const sent = isDiscovery ? Buffer.from(bytes.toString().replaceAll(origin, this.origin)) : bytes;
    const kept = withoutConnection(answer.headers);
    const status = answer.statusCode ?? 502;
    return { status, headers: { ...kept, ...(status !== 204 && { 'content-length': sent.length }) }, body: sent };
  }
}

interface Relayed {
  readonly status: number;
  readonly headers: Record<string, string | string[] | number>;
  readonly body: Buffer;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function withoutConnection(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept = Object.entries(headers).filter(([name]) => !CONNECTION_HEADERS.includes(name));
  return Object.fromEntries(kept) as Record<string, string | string[]>;
}
