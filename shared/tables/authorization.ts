import { createHmac, createSecretKey } from 'node:crypto';
import type { BearerTokens } from '../identity/bearer-tokens.ts';
import type { Signature } from './service-address.ts';

/** What a request carries so that the service knows who asks. */
export interface Authorization {
  /** Goes with every request, as it is sent; empty where there is none. */
  readonly query: string;
  /** Names and values in turn, for a request of `path`, as it is sent. */
  headers(path: string): string[] | Promise<string[]>;
  /**
   * Others, after the service took those for nobody's.
   *
   * @param refused what `headers` gave
   * @param challenge the answer's `WWW-Authenticate`
   * @returns null where there are none to try
   */
  instead(refused: readonly string[], challenge: string | readonly string[] | undefined): Promise<string[] | null>;
}

/**
 * Signs by an account's key, or adds a shared access signature.
 *
 * @param now milliseconds since the epoch: the service refuses a signature that is 15 minutes off
 * @see https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key (Shared Key Lite for the Table service)
 */
export function authorizationBySignature(signature: Signature, now: () => number): Authorization {
  const instead = async () => null;
  if (signature.kind === 'access-signature') return { query: signature.query, headers: () => [], instead };
  // Made once: a raw key costs several times the signature.
  const key = createSecretKey(signature.key);
  const { account } = signature;
  return {
    query: '',
    headers(path) {
      const date = new Date(now()).toUTCString();
      const mac = createHmac('sha256', key).update(`${date}\n/${account}${path}`).digest('base64');
      return ['x-ms-date', date, 'authorization', `SharedKeyLite ${account}:${mac}`];
    },
    instead,
  };
}

/** Shows a token of an identity. */
export function authorizationByToken(tokens: BearerTokens): Authorization {
  const headersOf = (token: string) => ['authorization', `Bearer ${token}`];
  return {
    query: '',
    headers: async () => headersOf(await tokens.get()),
    async instead([, refused = ''], challenge) {
      if (challenge === undefined) return null;
      const token = await tokens.instead(refused.slice('Bearer '.length), challenge);
      return token === null ? null : headersOf(token);
    },
  };
}
