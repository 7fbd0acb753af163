import { ConfidentialClientApplication, type ICachePlugin, LogLevel, ProtocolMode } from '@azure/msal-node';
import type { OpMetadata } from '../oidc/metadata.ts';
import { REDEMPTION_DEADLINE_MILLISECONDS } from '../tokens/lease.ts';
import { msalCredential } from './client-credential.ts';
import { networkClient } from './network-client.ts';
import type { OpClient } from './op-client.ts';
import { type RefreshTokenGot, tellingOfRefreshTokens } from './refresh-token-got.ts';
import { secretAsAnnounced } from './secret-as-announced.ts';

/**
 * Makes MSAL's clients of one application at one OP: what they have in common is made once. The OP's metadata is given, so
 * that MSAL discovers nothing; it logs nothing, and tries nothing again by itself.
 *
 * @param clientCapabilities what Entra ID is told that this application can do
 * @returns makes one; without a cache plugin its memory is all it has, with one it serves one operation. `got` is told of each
 *   refresh token that comes for it
 */
export function confidentialClients(
  op: Pick<OpClient, 'assertion' | 'authority' | 'clientId' | 'credential' | 'protocol'>,
  metadata: OpMetadata,
  fetchIt: typeof fetch,
  clientCapabilities: readonly string[] = [],
): (cachePlugin?: ICachePlugin, got?: RefreshTokenGot) => ConfidentialClientApplication {
  const auth = {
    clientId: op.clientId,
    authority: op.authority,
    authorityMetadata: JSON.stringify(metadata),
    knownAuthorities: [new URL(op.authority).host],
    clientCapabilities: [...clientCapabilities],
    ...msalCredential(op),
  };
  const network = (got?: RefreshTokenGot, deadline?: () => number) => {
    const sending = secretAsAnnounced(op, metadata, networkClient(fetchIt, deadline));
    return got === undefined ? sending : tellingOfRefreshTokens(sending, got);
  };
  const system = (got?: RefreshTokenGot, deadline?: () => number) => ({
    networkClient: network(got, deadline),
    protocolMode: op.protocol === 'entra' ? ProtocolMode.AAD : ProtocolMode.OIDC,
    loggerOptions: { logLevel: LogLevel.Error, piiLoggingEnabled: false, loggerCallback: () => {} },
    disableInternalRetries: true,
  });
  return (cachePlugin, got) =>
    new ConfidentialClientApplication({
      auth,
      system: system(got, cachePlugin && deadlineFromNow()),
      ...(cachePlugin && { cache: { cachePlugin } }),
    });
}

/** What an operation has of its time when it comes to ask the OP: a managed identity may have taken seconds to give its assertion. */
function deadlineFromNow(): () => number {
  const began = performance.now();
  return () => Math.floor(REDEMPTION_DEADLINE_MILLISECONDS - (performance.now() - began));
}
