import type { JWTVerifyGetKey } from 'jose';
import type { AccountStore } from '../account/account-store.ts';
import type { IdTokenChecked } from '../oidc/id-token.ts';
import type { OpMetadata, OpUnavailable } from '../oidc/metadata.ts';
import type { Settings } from '../settings/settings.ts';
import type { RetryQueue } from '../store/retry-queue.ts';
import type { RefreshAhead } from '../tokens/refresh-ahead.ts';
import type { TokenClient } from '../tokens/token-client.ts';
import type { TokenMemory } from '../tokens/token-memory.ts';

/** One application: its settings, and everything it works with. Put together in one place, `functions/compose.ts`. */
export interface Application {
  readonly settings: Settings;
  readonly store: AccountStore;
  readonly op: OpSource;
  readonly memory: TokenMemory;
  /** Where sign-outs wait that storage interrupted. */
  readonly retryQueue: RetryQueue;
  readonly refreshes: RefreshAhead;
}

/** The OP, once its metadata is known. */
export interface Op {
  readonly metadata: OpMetadata;
  /** Its signing keys. */
  readonly keys: JWTVerifyGetKey;
  readonly tokens: TokenClient;
  checkIdToken(idToken: string, nonce: string): Promise<IdTokenChecked>;
}

export interface OpSource {
  get(): Promise<Op | OpUnavailable>;
}
