import { LRUCache } from 'lru-cache';
import type { SessionId } from '../account/session-record.ts';
import type { AccessToken } from './token-client.ts';

const TOKENS_MAX = 20_000;
const TOKEN_CHARACTERS_MAX = 64 * 1024 * 1024;

/**
 * This instance's access tokens, by session and scopes. Bounded in count and size. What it holds may be sent only by a
 * request that has itself read the live session row (G4): a token here is a copy, never a permission.
 */
export interface TokenMemory {
  get(sessionId: SessionId, scopes: readonly string[]): AccessToken | undefined;
  set(sessionId: SessionId, scopes: readonly string[], token: AccessToken): void;
  /** Drops one token, e.g. where its session was found to have ended. */
  drop(sessionId: SessionId, scopes: readonly string[]): void;
}

export function createTokenMemory(): TokenMemory {
  const tokens = new LRUCache<string, AccessToken>({
    max: TOKENS_MAX,
    maxSize: TOKEN_CHARACTERS_MAX,
    sizeCalculation: ({ token }, key) => token.length + key.length,
  });
  return {
    get: (sessionId, scopes) => tokens.get(memoryKey(sessionId, scopes)),
    set: (sessionId, scopes, token) => {
      tokens.set(memoryKey(sessionId, scopes), token);
    },
    drop: (sessionId, scopes) => {
      tokens.delete(memoryKey(sessionId, scopes));
    },
  };
}

/** A scope-token holds no space, so the key is unambiguous. */
export function memoryKey(sessionId: SessionId, scopes: readonly string[]): string {
  return [sessionId, ...scopes].join(' ');
}
