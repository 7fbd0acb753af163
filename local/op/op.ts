import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { createFaults, type Hold } from './faults.ts';
import { createSigningKey } from './keys.ts';
import { createProvider } from './provider.ts';
import { isOpPath, route } from './routes.ts';
import { createSessions } from './sessions.ts';
import { issuerOf, type OpState, PATHS } from './state.ts';
import { createStorage } from './storage.ts';
import type { Application, Dialect, Endpoint, OpEvent, User } from './types.ts';
import { TEST_USERS } from './users.ts';

export type { Application, Dialect, Endpoint, OpEvent, User } from './types.ts';

const DEFAULT_TENANT_ID = 'c0117050-4444-4d44-8d44-0000000000d4';
const DEFAULT_TENANT_ALIAS = 'contoso.onmicrosoft.com';
const DEFAULT_ACCESS_TOKEN_SECONDS = 60 * 60;

export interface OpOptions {
  /** Browser-facing; by default `http://login.localhost:{port}`. */
  readonly origin?: string;
  /** Server-to-server (token, keys, discovery); by default `http://127.0.0.1:{port}`. */
  readonly backchannelOrigin?: string;
  readonly tenantId?: string;
  /** Another name for the tenant in paths. */
  readonly tenantAlias?: string;
  /** More can be registered later, see {@link Op.register}. */
  readonly applications?: readonly Application[];
  readonly accessTokenSeconds?: number;
  readonly dialect?: Dialect;
  /** Whether a redeemed refresh token stays good, as Entra's do, or coming again ends its family (RFC 9700). */
  readonly refreshTokenReuse?: 'allow' | 'revoke-family';
  /** Whether callbacks carry `iss` (RFC 9207); Entra sends none. */
  readonly issParameter?: boolean;
  readonly users?: readonly User[];
  readonly onEvent?: (event: OpEvent) => void;
  /** Serves what is not the provider's on its host. */
  readonly fallback?: RequestListener;
}

/** A running local OpenID provider, with the controls that tests need. */
export interface Op {
  /** Starts on a port of the loopback address; 0 takes a free one. Rejects when the port is taken. */
  listen(port: number): Promise<{ readonly port: number }>;
  close(): Promise<void>;
  /** These three are known from `listen` on. */
  readonly issuer: string;
  readonly origin: string;
  readonly metadataUrl: string;
  /** Every secret that has left the provider: codes, tokens, `client_info`, and each `sid`. */
  readonly issued: readonly string[];
  /** How many refresh tokens have been redeemed. */
  readonly refreshCount: number;
  /** Registers an application, in place of one with the same client id. */
  register(application: Application): void;
  setAccessTokenSeconds(seconds: number): void;
  /** From now on signs with a new key; `jwks_uri` still serves the earlier ones. */
  rotateKeys(): Promise<void>;
  /** Ends a user's refresh tokens and OP sessions and tells nobody, as an administrator's `revokeSignInSessions` does. */
  revokeUser(oid: string): void;
  /** The next request at that endpoint fails with this OAuth error; at authorize by redirect, else by status (400). */
  failNext(endpoint: Endpoint, error: string, status?: number): void;
  /** The next request at that endpoint stands still until it is released, so that a test can put things in between. */
  holdNext(endpoint: Endpoint): Hold;
}

/** Makes a local OpenID provider with Entra ID's shape, in memory. For development and tests: it asks for no password. */
export async function createOp(options: OpOptions = {}): Promise<Op> {
  const issued = new Set<string>();
  const faults = createFaults();
  const firstKey = await createSigningKey();
  let current: OpState | undefined;
  const running = (): OpState => {
    if (!current) throw new Error('The local OpenID provider has not been started: call listen() first.');
    return current;
  };
  let callback: RequestListener = () => {};
  const rebuild = (state: OpState) => {
    state.provider = createProvider(state);
    state.provider.use((ctx, next) => route(state, ctx as Parameters<typeof route>[1], next));
    callback = state.provider.callback();
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://op').pathname;
    if (options.fallback && !isOpPath(path)) options.fallback(request, response);
    else callback(request, response);
  });

  return {
    async listen(port) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, '127.0.0.1', () => resolve());
      });
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : port;
      const record = (secret: string) => issued.add(secret);
      current = createState(options, bound, { faults, record, keys: [firstKey] });
      rebuild(current);
      return { port: bound };
    },
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
    get issuer() {
      return issuerOf(running());
    },
    get origin() {
      return running().origin;
    },
    get metadataUrl() {
      return `${running().backchannelOrigin}/${running().tenantId}/${PATHS.discovery}`;
    },
    get issued() {
      return [...issued];
    },
    get refreshCount() {
      return running().refreshCount;
    },
    register(application) {
      const others = running().applications.filter(({ clientId }) => clientId !== application.clientId);
      running().applications = [...others, application];
      rebuild(running());
    },
    setAccessTokenSeconds(seconds) {
      running().accessTokenSeconds = seconds;
    },
    async rotateKeys() {
      running().keys = [await createSigningKey(), ...running().keys];
      rebuild(running());
    },
    revokeUser: (oid) => running().storage.revokeUser(oid),
    failNext: faults.failNext,
    holdNext: faults.holdNext,
  };
}

interface Parts {
  readonly faults: OpState['faults'];
  readonly keys: OpState['keys'];
  record(secret: string): void;
}

function createState(options: OpOptions, port: number, { faults, keys, record }: Parts): OpState {
  return {
    tenantId: options.tenantId ?? DEFAULT_TENANT_ID,
    tenantAlias: options.tenantAlias ?? DEFAULT_TENANT_ALIAS,
    origin: options.origin ?? `http://login.localhost:${port}`,
    backchannelOrigin: options.backchannelOrigin ?? `http://127.0.0.1:${port}`,
    dialect: options.dialect ?? 'entra',
    issParameter: options.issParameter ?? false,
    users: options.users ?? TEST_USERS,
    storage: createStorage(options.refreshTokenReuse !== 'revoke-family'),
    sessions: createSessions(record),
    faults,
    cookieKey: randomBytes(32).toString('base64url'),
    accessTokenSeconds: options.accessTokenSeconds ?? DEFAULT_ACCESS_TOKEN_SECONDS,
    applications: options.applications ?? [],
    keys,
    // Made right after: the provider is made from the state, and the state leads to it.
    provider: undefined as unknown as OpState['provider'],
    refreshCount: 0,
    record: (...secrets) => {
      for (const secret of secrets) if (secret) record(secret);
    },
    emit: options.onEvent ?? (() => {}),
  };
}
