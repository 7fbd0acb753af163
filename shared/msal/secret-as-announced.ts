import type { INetworkModule, NetworkRequestOptions } from '@azure/msal-node';
import { basicCredentials, wantsHeader } from '../oidc/client-authentication.ts';
import type { OpMetadata } from '../oidc/metadata.ts';
import type { OpSettings } from '../settings/settings.ts';

/**
 * MSAL sends a client secret in the form. An OP that announces the header alone (every one takes that, RFC 6749 section 2.3.1)
 * gets it there.
 */
export function secretAsAnnounced(
  { clientId, credential }: Pick<OpSettings, 'clientId' | 'credential'>,
  { token_endpoint_auth_methods_supported: methods }: OpMetadata,
  network: INetworkModule,
): INetworkModule {
  if (credential.kind !== 'secret' || !wantsHeader(methods)) return network;
  const authorization = basicCredentials(clientId, credential.secret);
  const moved = ({ headers, body = '' }: NetworkRequestOptions = {}): NetworkRequestOptions => {
    const form = new URLSearchParams(body);
    for (const name of ['client_id', 'client_secret']) form.delete(name);
    return { headers: { ...headers, authorization }, body: form.toString() };
  };
  return { ...network, sendPostRequestAsync: (url, options) => network.sendPostRequestAsync(url, moved(options)) };
}
