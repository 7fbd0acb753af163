import type { TokenClient } from '../tokens/token-client.ts';
import { instruments } from './instruments.ts';

/** The same client, each revocation counted. */
export function countedRevocations(client: TokenClient): TokenClient {
  return {
    ...client,
    async revoke(cache) {
      const outcome = await client.revoke(cache);
      instruments()['exeunt.revocations'](1, { 'exeunt.outcome': outcome });
      return outcome;
    },
  };
}
