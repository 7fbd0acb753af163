import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { boundedText } from '../oidc/bounded-text.ts';
import { REDEMPTION_DEADLINE_MILLISECONDS } from '../tokens/lease.ts';
import { tokenAnswer } from './token-answer.ts';

/**
 * MSAL's way to the OP, with a deadline that a lease outlasts (MSAL itself waits without end) and without redirects, which
 * a token endpoint has no reason to send. What it throws (no time, no answer, not in time, not JSON, too large, no answer of a
 * token endpoint) MSAL names `network_error`.
 *
 * @param deadline how long the OP may take from now on, milliseconds; where nothing is left it is not asked
 */
export function networkClient(
  fetchIt: typeof fetch,
  deadline: () => number = () => REDEMPTION_DEADLINE_MILLISECONDS,
): INetworkModule {
  const send = async <T>(method: string, url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> => {
    const milliseconds = deadline();
    // Once it is sent the OP may give a new refresh token for it, whether or not anybody waits.
    if (milliseconds <= 0) throw new RangeError('no time is left to ask the OP');
    const response = await fetchIt(url, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(milliseconds),
      ...(options?.headers && { headers: options.headers }),
      ...(options?.body !== undefined && { body: options.body }),
    });
    const text = await boundedText(response);
    if (text === null) throw new RangeError('the answer of the OP is too large');
    const body: unknown = JSON.parse(text);
    const told = method === 'POST' ? tokenAnswer(response.status, body) : body;
    return { status: response.status, headers: Object.fromEntries(response.headers), body: told as T };
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}
