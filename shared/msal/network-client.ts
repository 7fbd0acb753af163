import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { REDEMPTION_DEADLINE_MILLISECONDS } from '../tokens/lease.ts';

/** Thrown where the OP did not answer in time, or at all, or not in JSON. */
export class OpUnreachable extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`the OP is not reachable: ${reason}`);
    this.name = 'OpUnreachable';
    this.reason = reason;
  }
}

/** MSAL's way to the OP, with a deadline that a lease outlasts (MSAL itself waits without end) and without redirects, which a token endpoint has no reason to send. */
export function networkClient(fetchIt: typeof fetch): INetworkModule {
  const send = async <T>(method: string, url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> => {
    try {
      const response = await fetchIt(url, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(REDEMPTION_DEADLINE_MILLISECONDS),
        ...(options?.headers && { headers: options.headers }),
        ...(options?.body !== undefined && { body: options.body }),
      });
      const body = (await response.json()) as T;
      return { status: response.status, headers: Object.fromEntries(response.headers), body };
    } catch (error) {
      throw new OpUnreachable(error instanceof Error ? error.name : 'unknown');
    }
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}
