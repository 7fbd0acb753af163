import { raceDeadline } from '../ambient/deadline.ts';
import { boundedText } from './bounded-text.ts';
import { authenticated, type ClientProof } from './client-authentication.ts';

/** Far more than what is answered to requests other than for tokens: a `request_uri`, an error, nothing at all. */
const ANSWER_BYTES_MAX = 16 * 1024;

/** A request of this application straight to the OP, not by way of a browser. */
export interface ClientRequest {
  readonly endpoint: string;
  readonly fields: Readonly<Record<string, string>>;
  /** `…_auth_methods_supported`, where the OP says it of the endpoint. */
  readonly methods: readonly string[] | undefined;
  readonly deadlineMilliseconds: number;
}

export type ClientAnswer =
  /** `body`: null where it is no JSON, or too large. */
  | { readonly outcome: 'answered'; readonly status: number; readonly body: unknown }
  /** `reason`: for the log; a kind of failure, and nothing that was sent. */
  | { readonly outcome: 'failed'; readonly reason: 'deadline' | 'unreachable' };

/** Posts a form in the application's name. Never rejects. */
export type ClientRequests = (request: ClientRequest) => Promise<ClientAnswer>;

/**
 * The application's own requests to the OP beside MSAL's: authenticated, bounded in time and size, and without redirects,
 * by which a token or a secret would go where the OP says and not where it is.
 *
 * @param issuer the audience of assertions (RFC 9126 section 2 recommends it over an endpoint's URL)
 */
export function clientRequests(
  clientId: string,
  issuer: string,
  proof: ClientProof,
  fetchIt: typeof fetch,
): ClientRequests {
  const send = async ({ endpoint, fields, methods }: ClientRequest, signal: AbortSignal): Promise<ClientAnswer> => {
    const { headers, form } = await authenticated(fields, clientId, proof, { methods, audience: issuer });
    const response = await fetchIt(endpoint, {
      method: 'POST',
      headers: { accept: 'application/json', ...headers },
      body: form,
      redirect: 'error',
      signal,
    });
    return {
      outcome: 'answered',
      status: response.status,
      body: jsonOf(await boundedText(response, ANSWER_BYTES_MAX)),
    };
  };
  return async (request) => {
    let late = false;
    try {
      // A managed identity's token heeds no signal.
      return await raceDeadline(request.deadlineMilliseconds, (signal) => {
        signal.addEventListener('abort', () => {
          late = true;
        });
        return send(request, signal);
      });
    } catch {
      return { outcome: 'failed', reason: late ? 'deadline' : 'unreachable' };
    }
  };
}

function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
