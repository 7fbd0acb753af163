import { createServer, type RequestListener } from 'node:http';
import type { JWTPayload } from 'jose';
import { makeLogoutToken } from './back-channel.ts';
import { createState, type OpOptions } from './create-state.ts';
import { createFaults, type Hold } from './faults.ts';
import { type IdentityTokenWishes, makeIdentityToken, type Principal, servicesIssuerOf } from './identity-token.ts';
import { createSigningKey } from './keys.ts';
import { closeServer, listenOnLoopback } from './listen.ts';
import { createProvider } from './provider.ts';
import { isOpPath, route } from './routes.ts';
import { issuerOf, type OpState, PATHS } from './state.ts';
import type { Application, Endpoint, Revocation } from './types.ts';

export type { OpOptions } from './create-state.ts';
export type { Application, Dialect, Endpoint, OpEvent, User } from './types.ts';

/** A running local OpenID provider, with the controls that tests need. */
export interface Op {
  /** Starts on a port of the loopback address; 0 takes a free one. Rejects when the port is taken. */
  listen(port: number): Promise<{ readonly port: number }>;
  close(): Promise<void>;
  /** These five are known from `listen` on. */
  readonly issuer: string;
  readonly origin: string;
  readonly metadataUrl: string;
  /** Of tokens of managed identities for Azure's services, and where the keys of all tokens are. */
  readonly servicesIssuer: string;
  readonly jwksUrl: string;
  /** Every secret that has left the provider: codes, tokens, `client_info`, and each `sid`. */
  readonly issued: readonly string[];
  /** How many refresh tokens have been redeemed. */
  readonly refreshCount: number;
  /** What came to the revocation endpoint, in order. */
  readonly revocations: readonly Revocation[];
  /** Registers an application, in place of one with the same client id. */
  register(application: Application): void;
  setAccessTokenSeconds(seconds: number): void;
  /** From now on signs with a new key; `jwks_uri` still serves the earlier ones. */
  rotateKeys(): Promise<void>;
  /** Ends a user's refresh tokens and OP sessions and tells nobody, as an administrator's `revokeSignInSessions` does. */
  revokeUser(oid: string): void;
  /** A logout token for an application as a sign-out sends it, with claims over the usual ones: `sid`, `sub`, or both. */
  logoutToken(clientId: string, claims: JWTPayload): Promise<string>;
  /** A managed identity's token, as its platform gets it. */
  identityToken(principal: Principal, wishes: IdentityTokenWishes): Promise<string>;
  /** Whether a user may sign in, which a disabled or deleted one may not. */
  setBlocked(oid: string, blocked: boolean): void;
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
      const bound = await listenOnLoopback(server, port);
      current = createState(options, bound.port, { faults, record: (secret) => issued.add(secret), keys: [firstKey] });
      rebuild(current);
      return bound;
    },
    close: () => closeServer(server),
    get issuer() {
      return issuerOf(running());
    },
    get origin() {
      return running().origin;
    },
    get metadataUrl() {
      return `${running().backchannelOrigin}/${running().tenantId}/${PATHS.discovery}`;
    },
    get servicesIssuer() {
      return servicesIssuerOf(running());
    },
    get jwksUrl() {
      return `${running().backchannelOrigin}/${running().tenantId}/${PATHS.keys}`;
    },
    get issued() {
      return [...issued];
    },
    get refreshCount() {
      return running().refreshCount;
    },
    get revocations() {
      return running().revocations;
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
    logoutToken: (clientId, claims) => makeLogoutToken(running(), clientId, claims),
    identityToken: (principal, wishes) => makeIdentityToken(running(), principal, wishes),
    setBlocked(oid, blocked) {
      if (blocked) running().blocked.add(oid);
      else running().blocked.delete(oid);
    },
    failNext: faults.failNext,
    holdNext: faults.holdNext,
  };
}
