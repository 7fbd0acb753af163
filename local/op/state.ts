import type { JWK } from 'jose';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Faults } from './faults.ts';
import type { OpSessions } from './sessions.ts';
import type { OpStorage } from './storage.ts';
import type { Application, AuthMethod, Dialect, Link, OpEvent, Revocation, User } from './types.ts';

/** All that the endpoints share. The provider is made anew when keys or applications change: it takes both only when made. */
export interface OpState {
  readonly tenantId: string;
  readonly tenantAlias: string;
  /** Browser-facing, for example `http://login.localhost:8400`. */
  readonly origin: string;
  /** Server-to-server, by loopback address: Node may not resolve `*.localhost`. */
  readonly backchannelOrigin: string;
  readonly dialect: Dialect;
  readonly issParameter: boolean;
  readonly revocationReach: 'token' | 'grant';
  readonly par: 'none' | 'offered' | 'required';
  readonly users: readonly User[];
  readonly links: readonly Link[];
  /** By which applications prove themselves (`token_endpoint_auth_methods_supported`); by the first whoever has no keys of its own. */
  readonly authMethods: readonly AuthMethod[];
  readonly storage: OpStorage;
  readonly sessions: OpSessions;
  readonly faults: Faults;
  readonly cookieKey: string;
  /** Object ids of those who may not sign in. */
  readonly blocked: Set<string>;
  /** What people have consented to: full scopes by application and person. */
  readonly consents: Map<string, ReadonlySet<string>>;
  accessTokenSeconds: number;
  applications: readonly Application[];
  /** Private JWKs, the one that signs first. */
  keys: readonly JWK[];
  provider: Provider;
  refreshCount: number;
  /** What came to the revocation endpoint. */
  readonly revocations: Revocation[];
  /** Remembers a secret that left the provider, for the leak test. */
  record(...secrets: readonly (string | undefined)[]): void;
  emit(event: OpEvent): void;
}

/** A request on its way through; `oidc` is there once the library has taken it. */
export type OpContext = KoaContextWithOIDC;

export type Next = () => Promise<unknown>;

/** The issuer, which in Entra ID is the tenant's v2.0 endpoint. */
export function issuerOf(state: OpState): string {
  return `${state.origin}/${state.tenantId}/v2.0`;
}

/** The paths under the tenant, as Entra ID has them; it has no `par` and no `revoke`. */
export const PATHS = {
  authorize: 'oauth2/v2.0/authorize',
  token: 'oauth2/v2.0/token',
  par: 'oauth2/v2.0/par',
  revoke: 'oauth2/v2.0/revoke',
  logout: 'oauth2/v2.0/logout',
  keys: 'discovery/v2.0/keys',
  discovery: 'v2.0/.well-known/openid-configuration',
  login: 'login',
} as const;

/** The application of a client id, if it is registered. */
export function applicationOf(state: OpState, clientId: string | null | undefined): Application | undefined {
  return state.applications.find((application) => application.clientId === clientId);
}

/** The user of an object id, if there is one. */
export function userOf(state: OpState, oid: string | null | undefined): User | undefined {
  return state.users.find((user) => user.oid === oid);
}
