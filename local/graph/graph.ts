import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { BearerOptions } from '../api/bearer.ts';
import { closeServer, listenOnLoopback } from '../op/listen.ts';
import type { User } from '../op/op.ts';
import { createApplicationCheck } from './bearer.ts';
import { createSubscriptions, type Kept } from './subscriptions.ts';
import { type Action, createUsers, type Users } from './users.ts';

export interface GraphOptions extends Omit<BearerOptions, 'audience'> {
  readonly tenantId: string;
  /** Its users; more may join. */
  readonly people: readonly User[];
  /** Something was done to a user: the provider has to know too. */
  readonly onAction?: (oid: string, action: Action) => void;
}

/** A running local Microsoft Graph: users, and subscriptions to their changes. For development and tests. */
export interface LocalGraph {
  listen(port: number): Promise<{ readonly port: number }>;
  close(): Promise<void>;
  /** With its version; known from `listen` on. */
  readonly url: string;
  readonly users: Pick<Users, 'all'>;
  /**
   * Does it and tells every subscriber; resolves when they have taken it.
   *
   * @param at since when a revocation counts; by default now
   * @returns false where there is nobody of that id
   */
  act(oid: string, action: Action, at?: Date): Promise<boolean>;
  /** Does it and tells nobody: a test tells by itself. */
  quietly(oid: string, action: Action): void;
  /** Tells without anything having been done: Graph may repeat itself. */
  notify(changeType: 'updated' | 'deleted', oid: string): Promise<void>;
  subscriptionsOf(clientId: string): readonly Kept[];
  /** Makes one for an application as if it had asked; throws where Graph would not. */
  plant(clientId: string, asked: object): Promise<void>;
  /** Removes one and tells nobody. */
  drop(kept: Kept): void;
  lifecycle(kept: Kept, event: 'reauthorizationRequired' | 'subscriptionRemoved' | 'missed'): Promise<void>;
  /** Answers every request with this status, or with what it should, null. */
  fail(status: number | null, retryAfterSeconds?: number): void;
  /** Method and path of each request that came, in order. */
  readonly requests: readonly string[];
}

export function createGraph(options: GraphOptions): LocalGraph {
  const users = createUsers(options.people);
  const subscriptions = createSubscriptions(options.tenantId);
  const requests: string[] = [];
  let url = '';
  let failing: { readonly status: number; readonly retryAfterSeconds: number } | null = null;
  let check: ReturnType<typeof createApplicationCheck> = async () => undefined;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET' } = request;
    const path = new URL(request.url ?? '/', 'http://graph').pathname.replace('/v1.0', '');
    requests.push(`${method} ${path}`);
    const body = await readBody(request);
    if (failing) {
      if (failing.retryAfterSeconds > 0) response.setHeader('retry-after', failing.retryAfterSeconds);
      return send(response, failing.status, failure('UnknownError', 'Told to fail.'));
    }
    const application = await check(request.headers.authorization);
    if (application === undefined) {
      return send(response, 401, failure('InvalidAuthenticationToken', 'The token is missing or not valid.'));
    }
    const [, collection = '', id = '', action] = path.split('/');
    if (collection === 'users' && method === 'GET') {
      const user = users.get(id.toLowerCase());
      return user
        ? send(response, 200, user)
        : send(response, 404, failure('Request_ResourceNotFound', 'No such user.'));
    }
    if (collection === 'subscriptions') return serveSubscriptions(response, application, { method, id, action, body });
    send(response, 404, failure('ResourceNotFound', 'Nothing has this address.'));
  }

  async function serveSubscriptions(
    response: ServerResponse,
    application: string,
    {
      method,
      id,
      action,
      body,
    }: Readonly<Record<'method' | 'id', string>> & { action: string | undefined; body: unknown },
  ): Promise<void> {
    if (id === '' && method === 'GET') return send(response, 200, { value: subscriptions.of(application).map(shown) });
    if (id === '' && method === 'POST') {
      const made = await subscriptions.create(application, body);
      return typeof made === 'string'
        ? send(response, 400, failure('InvalidRequest', made))
        : send(response, 201, shown(made));
    }
    const kept = subscriptions.find(application, id);
    if (!kept) return send(response, 404, failure('ResourceNotFound', 'The object was not found.'));
    if (method === 'POST' && action === 'reauthorize') return send(response, 204, null);
    if (method === 'PATCH') {
      return subscriptions.renew(kept, body)
        ? send(response, 200, shown(kept))
        : send(response, 400, failure('InvalidRequest', 'Expiration time is too far.'));
    }
    if (method !== 'DELETE') return send(response, 405, failure('MethodNotAllowed', 'Not this method.'));
    subscriptions.remove(kept);
    send(response, 204, null);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  return {
    async listen(port) {
      const bound = await listenOnLoopback(server, port);
      url = `http://127.0.0.1:${bound.port}/v1.0`;
      check = createApplicationCheck({ ...options, audience: new URL(url).origin });
      return bound;
    },
    close: () => closeServer(server),
    get url() {
      return url;
    },
    users,
    async act(oid, action, at = new Date()) {
      if (!users.act(oid, action, at)) return false;
      options.onAction?.(oid, action);
      await subscriptions.notify('updated', oid);
      return true;
    },
    quietly: (oid, action) => void users.act(oid, action, new Date()),
    notify: subscriptions.notify,
    subscriptionsOf: subscriptions.of,
    async plant(clientId, asked) {
      const made = await subscriptions.create(clientId, asked);
      if (typeof made === 'string') throw new Error(made);
    },
    drop: subscriptions.remove,
    lifecycle: subscriptions.lifecycle,
    fail(status, retryAfterSeconds = 0) {
      failing = status === null ? null : { status, retryAfterSeconds };
    },
    requests,
  };
}

/** As Graph shows one: nobody gets the `clientState` back. */
function shown(kept: Kept): object {
  return { ...kept, clientState: null };
}

function failure(code: string, message: string): object {
  return { error: { code, message } };
}

function send(response: ServerResponse, status: number, body: object | null): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(body === null ? undefined : JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return {};
  }
}
