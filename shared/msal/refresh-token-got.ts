import type { INetworkModule, NetworkResponse } from '@azure/msal-node';

/** Told of a refresh token as it comes, before anything is made of the answer that it came in. */
export type RefreshTokenGot = (refreshToken: string) => void;

/** MSAL's network, telling of what MSAL may throw away unseen: it refuses answers whose tokens are good at the OP all the same. */
export function tellingOfRefreshTokens(network: INetworkModule, got: RefreshTokenGot): INetworkModule {
  return {
    ...network,
    async sendPostRequestAsync<T>(...request: Parameters<INetworkModule['sendPostRequestAsync']>) {
      const response: NetworkResponse<T> = await network.sendPostRequestAsync<T>(...request);
      const { refresh_token: refreshToken } = (response.body ?? {}) as { readonly refresh_token?: unknown };
      if (typeof refreshToken === 'string' && refreshToken !== '') got(refreshToken);
      return response;
    },
  };
}
