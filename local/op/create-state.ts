import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createSessions } from './sessions.ts';
import type { OpState } from './state.ts';
import { createStorage } from './storage.ts';
import type { Application, AuthMethod, Dialect, Link, OpEvent, User } from './types.ts';
import { TEST_USERS } from './users.ts';

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
  /** Pushed authorization requests (RFC 9126): by default none, as Entra has none, and offered in the standard's dialect. */
  readonly par?: OpState['par'];
  /** What ends with a refresh token that is revoked: it alone, or all of the sign-in that it came of, as the library has it. */
  readonly revocationReach?: OpState['revocationReach'];
  /** By default by a secret, in the form or in the header. */
  readonly authMethods?: readonly AuthMethod[];
  readonly users?: readonly User[];
  readonly onEvent?: (event: OpEvent) => void;
  /** Serves what is not the provider's on its host. */
  readonly fallback?: RequestListener;
  /** What the index page leads to there. */
  readonly links?: readonly Link[];
}

interface Parts {
  readonly faults: OpState['faults'];
  readonly keys: OpState['keys'];
  record(secret: string): void;
}

/** The state that a provider starts with: the options with their defaults, and the port that it got. */
export function createState(options: OpOptions, port: number, { faults, keys, record }: Parts): OpState {
  return {
    tenantId: options.tenantId ?? DEFAULT_TENANT_ID,
    tenantAlias: options.tenantAlias ?? DEFAULT_TENANT_ALIAS,
    origin: options.origin ?? `http://login.localhost:${port}`,
    backchannelOrigin: options.backchannelOrigin ?? `http://127.0.0.1:${port}`,
    dialect: options.dialect ?? 'entra',
    issParameter: options.issParameter ?? false,
    revocationReach: options.revocationReach ?? 'grant',
    par: options.par ?? (options.dialect === 'standard' ? 'offered' : 'none'),
    authMethods: options.authMethods ?? ['client_secret_post', 'client_secret_basic'],
    users: options.users ?? TEST_USERS,
    links: options.links ?? [],
    storage: createStorage(options.refreshTokenReuse !== 'revoke-family'),
    sessions: createSessions(record),
    faults,
    blocked: new Set(),
    consents: new Map(),
    cookieKey: randomBytes(32).toString('base64url'),
    accessTokenSeconds: options.accessTokenSeconds ?? DEFAULT_ACCESS_TOKEN_SECONDS,
    applications: options.applications ?? [],
    keys,
    // Made right after: the provider is made from the state, and the state leads to it.
    provider: undefined as unknown as OpState['provider'],
    refreshCount: 0,
    revocations: [],
    record: (...secrets) => {
      for (const secret of secrets) if (secret) record(secret);
    },
    emit: options.onEvent ?? (() => {}),
  };
}
