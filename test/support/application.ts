import { createHash, createSecretKey } from 'node:crypto';
import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { createJoined } from '../../shared/ambient/joined.ts';
import type { Application, Op } from '../../shared/application/application.ts';
import { createLastSignin } from '../../shared/application/last-signin.ts';
import { type AuthorizationRequest, authorizationUrl } from '../../shared/oidc/authorization-url.ts';
import type { IdTokenChecked } from '../../shared/oidc/id-token.ts';
import type { OpMetadata } from '../../shared/oidc/metadata.ts';
import type { NotSetOut } from '../../shared/oidc/pushed-authorization.ts';
import type { Settings } from '../../shared/settings/settings.ts';
import { createFloodBudgets } from '../../shared/signout/flood-budgets.ts';
import { createApplicationTokens } from '../../shared/tokens/application-tokens.ts';
import { createRefreshAhead } from '../../shared/tokens/refresh-ahead.ts';
import { createRefusedTokens } from '../../shared/tokens/refused-tokens.ts';
import type { CodeFailure, CodeRedeemed, CodeRedemption, SessionCache } from '../../shared/tokens/token-client.ts';
import { createTokenMemory } from '../../shared/tokens/token-memory.ts';
import { APP_ORIGIN } from './request.ts';
import { type ScriptedQueue, scriptedQueue } from './scripted-queue.ts';
import { scriptedCache, scriptedTokenClient } from './scripted-token-client.ts';
import { CLIENT_ID, createTestStore, ISSUER, type TestStore } from './store.ts';

export const OP_METADATA: OpMetadata = {
  issuer: ISSUER,
  authorization_endpoint: 'https://op.example/authorize',
  token_endpoint: 'https://op.example/token',
  jwks_uri: 'https://op.example/keys',
  end_session_endpoint: 'https://op.example/logout',
};

/** The keys of an OP that signs nothing. */
export const NO_KEYS = createLocalJWKSet({ keys: [] });

const SETTINGS: Settings = {
  publicOrigin: APP_ORIGIN,
  siblingOrigins: [],
  trustedProxy: null,
  op: {
    protocol: 'entra',
    authority: ISSUER,
    metadataUrl: `${ISSUER}/.well-known/openid-configuration`,
    clientId: CLIENT_ID,
    credential: { kind: 'secret', secret: 'client-secret' },
    scopes: ['api.read'],
    responseMode: 'query',
    par: 'auto',
    revocation: 'off',
    tenants: [],
    signingAlgorithms: ['RS256', 'ES256'],
  },
  tables: { written: [{ kind: 'endpoint', endpoint: 'https://tables.example' }], moving: [] },
  tablesManagedIdentityClientId: null,
  retryQueue: null,
  sessionKeys: [{ kid: 'k1', key: createSecretKey(createHash('sha256').update('k1').digest()) }],
  signoutScope: 'account',
  signoutScopeRemote: 'account',
  signoutHint: 'login_hint',
  sessionIdleMinutes: 60,
  sessionAbsoluteMinutes: 480,
  sessionRevalidateMinutes: 60,
  sessionsNotBefore: null,
  downstreamApis: new Map(),
  applicationName: 'Contoso',
  homePage: true,
  part: 'all',
  doors: { backChannel: { mayLack: [] }, operator: null, directory: null, securityEvents: null },
};

/** What the scripted OP does; a test changes it as it goes. */
export interface OpScript {
  metadata: OpMetadata;
  /** False: the OP does not answer. */
  up: boolean;
  /** Its signing keys. */
  keys: JWTVerifyGetKey;
  /** Whom a code is for, and under which OP session. */
  homeAccountId: string;
  sid: string | null;
  /** The ID token's `iss`, where it is not the metadata's. */
  iss?: string;
  /** The ID token's claims beside those that name the person. */
  claims: Readonly<Record<string, unknown>>;
  /** What the token endpoint's tokens are, as a cache. */
  cache: string;
  /** What becomes of an authorization request instead of an address. */
  notSetOut: NotSetOut | undefined;
  /** What it answers instead. */
  failure: CodeFailure | undefined;
  /** What the check of the ID token says instead of valid. */
  idToken: Exclude<IdTokenChecked, { outcome: 'valid' }> | undefined;
  /** Happens while the code is at the token endpoint. */
  during: (() => Promise<unknown>) | undefined;
  /** The codes redeemed, in order. */
  readonly redeemed: CodeRedemption[];
  /** The caches whose refresh tokens were revoked. */
  readonly revoked: readonly SessionCache[];
}

/** An application over an in-memory storage account and a scripted OP. */
export function testApplication(
  op: Partial<Settings['op']> = {},
  store: TestStore = createTestStore(),
): { application: Application; store: TestStore; script: OpScript; queue: ScriptedQueue } {
  const queue = scriptedQueue();
  const client = scriptedTokenClient(store.ambient);
  const script: OpScript = {
    metadata: OP_METADATA,
    up: true,
    keys: NO_KEYS,
    homeAccountId: 'alice.contoso',
    sid: 'sid-1',
    claims: {},
    cache: scriptedCache(),
    notSetOut: undefined,
    failure: undefined,
    idToken: undefined,
    during: undefined,
    redeemed: [],
    revoked: client.revoked,
  };
  const redeemCode = async (code: CodeRedemption): Promise<CodeRedeemed | CodeFailure> => {
    script.redeemed.push(code);
    await script.during?.();
    const cache = { homeAccountId: script.homeAccountId, serialized: script.cache };
    return script.failure ?? { outcome: 'redeemed', cache, idToken: `id-token-of-${script.homeAccountId}` };
  };
  const checkIdToken = async (): Promise<IdTokenChecked> => {
    const { homeAccountId, sid } = script;
    const iss = script.iss ?? script.metadata.issuer;
    const claims = {
      iss,
      sub: `sub-of-${homeAccountId}`,
      login_hint: 'hint-1',
      ...(sid !== null && { sid }),
      ...script.claims,
    };
    return script.idToken ?? { outcome: 'valid', claims };
  };
  const { revocation } = op;
  const reach = revocation === 'off' ? null : (revocation ?? client.revocation);
  const tokens = { ...client, redeemCode, revocation: reach };
  const authorizationAddress = async (request: AuthorizationRequest) => script.notSetOut ?? authorizationUrl(request);
  const found = (): Op => ({
    metadata: script.metadata,
    keys: script.keys,
    tokens,
    authorizationAddress,
    checkIdToken,
  });
  const application: Application = {
    settings: { ...SETTINGS, op: { ...SETTINGS.op, ...op } },
    store,
    op: { get: async () => (script.up ? found() : { outcome: 'op-unavailable', reason: 'test-outage' }) },
    memory: createTokenMemory(),
    acquiring: createJoined(),
    retryQueue: queue,
    refreshes: createRefreshAhead(store.ambient.monotonic),
    refusedTokens: createRefusedTokens(store.ambient.monotonic),
    applicationTokens: createApplicationTokens(store.ambient),
    floodBudgets: createFloodBudgets(store.ambient.monotonic),
    lastSignin: createLastSignin(),
  };
  return { application, store, script, queue };
}
