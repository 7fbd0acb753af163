import type { Application } from '../shared/application/application.ts';
import { clientStateOf } from '../shared/directory/client-state.ts';
import { DIRECTORY_QUEUE, type Directory } from '../shared/directory/work.ts';
import type { GraphToken } from '../shared/graph/graph-call.ts';
import { createGraph } from '../shared/graph/graph-client.ts';
import { identityToken } from '../shared/graph/identity-token.ts';
import type { Identities } from '../shared/identity/identities.ts';
import type { ApplicationTokens } from '../shared/msal/application-token.ts';
import { opClient } from '../shared/msal/op-client.ts';
import type { OpMetadata } from '../shared/oidc/metadata.ts';
import { openRetryQueue } from '../shared/queue/azure-retry-queue.ts';
import type { DirectorySettings } from '../shared/settings/settings.ts';
import { observedFetch } from '../shared/telemetry/http.ts';
import { DIRECTORY_ROUTE } from './routes.ts';

/** Graph waits 3 s for an answer before it calls an endpoint slow, and later leaves notifications out. */
const SEND_DEADLINE_MILLISECONDS = 2_000;

/** What the directory's door works with: no network yet. Null where this function app does not run it. */
export function openDirectory(application: Application, identities: Identities): Directory | null {
  const { settings, store } = application;
  const { directory } = settings.doors;
  if (directory === null || settings.part === 'web') return null;
  return {
    tenant: directory.tenant,
    graph: createGraph(
      directory.graphUrl,
      graphToken(application, directory, identities),
      observedFetch(() => 'graph'),
    ),
    events: openRetryQueue(settings.retryQueue, DIRECTORY_QUEUE, identities, SEND_DEADLINE_MILLISECONDS),
    endpoint: {
      url: `${settings.publicOrigin}/${DIRECTORY_ROUTE}`,
      clientState: clientStateOf(store.keyring, directory.tenant),
    },
  };
}

/** By the identity that alone may read users, where there is one; else as the application itself. */
function graphToken(
  { settings, op: source }: Application,
  { tenant, graphUrl, managedIdentityClientId }: DirectorySettings,
  identities: Identities,
): GraphToken {
  const scope = `${new URL(graphUrl).origin}/.default`;
  if (managedIdentityClientId !== null) return identityToken(identities.tokens(managedIdentityClientId, scope));
  let of: OpMetadata | undefined;
  let tokens: ApplicationTokens | undefined;
  return async () => {
    const op = await source.get();
    if ('outcome' in op) return { failed: op.reason };
    const { applicationTokens } = await import('../shared/msal/sdk.ts');
    // One client for each version of the metadata: it is what keeps the token.
    if (tokens === undefined || of !== op.metadata) {
      of = op.metadata;
      tokens = applicationTokens(
        opClient(settings.op, identities),
        op.metadata,
        { tenant, scope },
        observedFetch(() => 'token'),
      );
    }
    return tokens();
  };
}
