import { applicationStorage } from '../shared/account/application-tables.ts';
import { createReplacedHere } from '../shared/account/replaced-here.ts';
import { createJoined } from '../shared/ambient/joined.ts';
import { systemAmbient } from '../shared/ambient/system.ts';
import type { Application, Op, OpSource } from '../shared/application/application.ts';
import { createLastSignin } from '../shared/application/last-signin.ts';
import type { Connections } from '../shared/connection/connections.ts';
import type { Directory } from '../shared/directory/work.ts';
import type { Upstream } from '../shared/gateway/upstream.ts';
import { createIdentities, type Identities } from '../shared/identity/identities.ts';
import { askPlatform } from '../shared/managed-identity/platform.ts';
import { clientProof } from '../shared/msal/client-proof.ts';
import { createMsalTokenClient } from '../shared/msal/msal-token-client.ts';
import { type OpClient, opClient } from '../shared/msal/op-client.ts';
import { clientRequests } from '../shared/oidc/client-requests.ts';
import { checkIdToken } from '../shared/oidc/id-token.ts';
import { createMetadataSource, type OpMetadata } from '../shared/oidc/metadata.ts';
import { authorizationAddress } from '../shared/oidc/pushed-authorization.ts';
import { remoteKeys } from '../shared/oidc/remote-keys.ts';
import { revocationAt } from '../shared/oidc/revocation.ts';
import { openRetryQueue } from '../shared/queue/azure-retry-queue.ts';
import { createKeyring } from '../shared/seal/keyring.ts';
import { rememberOpened } from '../shared/seal/remembered.ts';
import type { Transmitter } from '../shared/security-events/security-event-token.ts';
import type { SettingMistake } from '../shared/settings/mistakes.ts';
import type { ParsedSettings } from '../shared/settings/parse.ts';
import type { SecurityEventsSettings, Settings } from '../shared/settings/settings.ts';
import { createFloodBudgets } from '../shared/signout/flood-budgets.ts';
import { RETRY_QUEUE } from '../shared/store/retry-queue.ts';
import { sharedReads } from '../shared/store/shared-reads.ts';
import { type OpenedPlaces, openPlaces } from '../shared/tables/places.ts';
import { observedFetch, observedUpstream } from '../shared/telemetry/http.ts';
import { countedRevocations } from '../shared/telemetry/revocations.ts';
import { countTableCall } from '../shared/telemetry/storage.ts';
import { createApplicationTokens } from '../shared/tokens/application-tokens.ts';
import { createRefreshAhead } from '../shared/tokens/refresh-ahead.ts';
import { createRefusedTokens } from '../shared/tokens/refused-tokens.ts';
import { createTokenMemory } from '../shared/tokens/token-memory.ts';
import { createUpstream } from '../shared/upstream/undici-upstream.ts';
import { openDirectory } from './compose-directory.ts';

/** The application with the adapters that only triggers need beside it. */
export interface Composition {
  /** What this instance is called until its process ends: made up, so that it tells of nothing else. */
  readonly instance: string;
  readonly application: Application;
  readonly places: OpenedPlaces;
  readonly upstream: Upstream;
  readonly connections: Connections;
  /** Who may send security events; null where that door is closed. */
  readonly transmitter: Transmitter | null;
  /** Null where that door is closed. */
  readonly directory: Directory | null;
}

/** Enough that no two of an application's instances share a name. */
const INSTANCE_BYTES = 8;

export type Composed =
  | { readonly ok: true; readonly composition: Composition }
  | { readonly ok: false; readonly mistakes: readonly SettingMistake[] };

/**
 * Puts the application together from its settings, once an instance: no network, no storage. Where they are good from an instant on that
 * has yet to come, too: see `awaited`.
 *
 * @param connections watched since before the first request came
 */
export function compose(parsed: ParsedSettings, connections: Connections): Composed {
  if (parsed.ok) return { ok: true, composition: makeComposition(parsed.value, connections) };
  const { early, mistakes } = parsed;
  return early === undefined ? { ok: false, mistakes } : { ok: true, composition: makeComposition(early, connections) };
}

function makeComposition(settings: Settings, connections: Connections): Composition {
  const identities = createIdentities(askPlatform, systemAmbient);
  const places = openPlaces(settings.tables, {
    onCall: countTableCall,
    identity: (scope) => identities.tokens(settings.tablesManagedIdentityClientId, scope),
  });
  const application = makeApplication(settings, places, identities);
  return {
    instance: Buffer.from(systemAmbient.randomBytes(INSTANCE_BYTES)).toString('hex'),
    application,
    places,
    upstream: observedUpstream(createUpstream()),
    connections,
    transmitter: makeTransmitter(settings.doors.securityEvents),
    directory: openDirectory(application, identities),
  };
}

function makeApplication(settings: Settings, places: OpenedPlaces, identities: Identities): Application {
  const ambient = systemAmbient;
  const { clientId } = settings.op;
  const { sessionsNotBefore } = settings;
  return {
    settings,
    store: {
      ...(sessionsNotBefore !== null && { sessionsNotBefore }),
      ...applicationStorage(places, clientId, (tables) => {
        return { ...tables, accounts: sharedReads(tables.accounts, ambient) };
      }),
      keyring: rememberOpened(createKeyring(settings.sessionKeys, clientId, ambient)),
      ambient,
      replacedHere: createReplacedHere(),
    },
    op: opSource(settings, identities),
    memory: createTokenMemory(),
    acquiring: createJoined(),
    retryQueue: openRetryQueue(settings.retryQueue, RETRY_QUEUE, identities),
    refreshes: createRefreshAhead(ambient.monotonic),
    refusedTokens: createRefusedTokens(ambient.monotonic),
    applicationTokens: createApplicationTokens(ambient),
    floodBudgets: createFloodBudgets(ambient.monotonic),
    lastSignin: createLastSignin(),
  };
}

/** Its keys are fetched when the first event comes, and shared by all that follow. */
function makeTransmitter(settings: SecurityEventsSettings | null): Transmitter | null {
  return settings === null
    ? null
    : {
        ...settings,
        keys: remoteKeys(
          settings.jwksUrl,
          observedFetch(() => 'transmitter-keys'),
        ),
      };
}

/** The OP's clients are made once for each version of its metadata, so that keys and connections are shared by all requests. */
function opSource(settings: Settings, identities: Identities): OpSource {
  const client = opClient(settings.op, identities);
  const source = createMetadataSource(
    settings.op.metadataUrl,
    systemAmbient.monotonic,
    observedFetch(() => 'metadata'),
  );
  let current: Op | undefined;
  return {
    async get() {
      const metadata = await source.get();
      if ('outcome' in metadata) return metadata;
      if (current?.metadata !== metadata) current = makeOp(settings, client, metadata);
      return current;
    },
  };
}

function makeOp({ op: settings, downstreamApis }: Settings, client: OpClient, metadata: OpMetadata): Op {
  const fetchIt = observedFetch((url) => nameOf(metadata, url));
  const keys = remoteKeys(metadata.jwks_uri, fetchIt);
  const ofApis = new Set([...downstreamApis.values()].flatMap(({ token, scopes }) => (token === 'user' ? scopes : [])));
  const requests = clientRequests(settings.clientId, metadata.issuer, clientProof(client, systemAmbient.now), fetchIt);
  return {
    metadata,
    keys,
    tokens: countedRevocations(
      createMsalTokenClient(client, metadata, systemAmbient.now, revocationAt(metadata, requests), fetchIt, ofApis),
    ),
    authorizationAddress: authorizationAddress(settings.par, metadata, requests),
    checkIdToken: (idToken, nonce) =>
      checkIdToken(idToken, keys, {
        issuer: metadata.issuer,
        clientId: settings.clientId,
        nonce,
        tenants: settings.tenants,
        algorithms: settings.signingAlgorithms,
        now: systemAmbient.now(),
      }),
  };
}

/** Which of the OP's endpoints a request goes to, for its span. */
function nameOf(metadata: OpMetadata, url: string): string {
  const { jwks_uri, token_endpoint, revocation_endpoint, pushed_authorization_request_endpoint } = metadata;
  const names = {
    [jwks_uri]: 'keys',
    [token_endpoint]: 'token',
    ...(revocation_endpoint && { [revocation_endpoint]: 'revoke' }),
    ...(pushed_authorization_request_endpoint && { [pushed_authorization_request_endpoint]: 'push' }),
  };
  return names[url] ?? 'other';
}
