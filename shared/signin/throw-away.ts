import type { Op } from '../application/application.ts';
import type { SessionCache } from '../tokens/token-client.ts';

/** Nobody is to have these tokens, and nobody will remember them: the refresh token is revoked where the OP can. Best effort. */
export async function throwAway({ tokens }: Op, cache: SessionCache): Promise<void> {
  await tokens.revoke(cache);
}
