import type { Ambient } from '../ambient/ambient.ts';
import { type BearerTokens, createBearerTokens, type GetToken } from './bearer-tokens.ts';

/** The managed identities that this function app has, and their tokens. */
export interface Identities {
  /**
   * Always the same for the same identity and resource, so that all who need it share one token and its renewals.
   *
   * @param clientId of a user-assigned identity; null: the system-assigned one
   * @param scope a resource's `.default`
   */
  tokens(clientId: string | null, scope: string): BearerTokens;
}

/** Asks the platform for a token, each time. */
export type AskPlatform = (clientId: string | null, scope: string) => GetToken;

/** No network: a token is asked for when it is first wanted. */
export function createIdentities(ask: AskPlatform, ambient: Ambient): Identities {
  const made = new Map<string, BearerTokens>();
  return {
    tokens(clientId, scope) {
      const key = JSON.stringify([clientId, scope]);
      const tokens = made.get(key) ?? createBearerTokens(ask(clientId, scope), ambient);
      made.set(key, tokens);
      return tokens;
    },
  };
}
