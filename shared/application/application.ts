import type { JWTVerifyGetKey } from 'jose';
import type { AccountStore } from '../account/account-store.ts';
import type { Budget } from '../ambient/budget.ts';
import type { Joined } from '../ambient/joined.ts';
import type { IdTokenChecked } from '../oidc/id-token.ts';
import type { OpMetadata, OpUnavailable } from '../oidc/metadata.ts';
import type { AuthorizationAddress } from '../oidc/pushed-authorization.ts';
import type { Settings } from '../settings/settings.ts';
import type { RetryQueue } from '../store/retry-queue.ts';
import type { Acquired } from '../tokens/access-token.ts';
import type { ApplicationTokens } from '../tokens/application-tokens.ts';
import type { RefreshAhead } from '../tokens/refresh-ahead.ts';
import type { RefusedTokens } from '../tokens/refused-tokens.ts';
import type { TokenClient } from '../tokens/token-client.ts';
import type { TokenMemory } from '../tokens/token-memory.ts';
import type { LastSignin } from './last-signin.ts';

/** One application: its settings, and everything it works with. Put together in one place, `functions/compose.ts`. */
export interface Application {
  readonly settings: Settings;
  readonly store: AccountStore;
  readonly op: OpSource;
  readonly memory: TokenMemory;
  /** The tokens that calls of this instance wait for, each got once for all of its session that need it. */
  readonly acquiring: Joined<Acquired>;
  /** Where sign-outs wait that storage interrupted. */
  readonly retryQueue: RetryQueue;
  readonly refreshes: RefreshAhead;
  readonly refusedTokens: RefusedTokens;
  readonly applicationTokens: ApplicationTokens;
  readonly floodBudgets: FloodBudgets;
  readonly lastSignin: LastSignin;
}

/** What an instance does at most for sign-outs that name nobody it knows of. Anybody can ask for them, as often as they like. */
export interface FloodBudgets {
  /** Tombstones written before anything is looked up. */
  readonly tombstones: Budget;
  /** Tombstones beyond those, of targets that no sign-in was found by. */
  readonly reserve: Budget;
  /** Messages to the retry queue beyond those. */
  readonly messages: Budget;
}

/** The OP, once its metadata is known. */
export interface Op {
  readonly metadata: OpMetadata;
  /** Its signing keys. */
  readonly keys: JWTVerifyGetKey;
  readonly tokens: TokenClient;
  /** Where a browser is sent to sign in. */
  readonly authorizationAddress: AuthorizationAddress;
  checkIdToken(idToken: string, nonce: string): Promise<IdTokenChecked>;
}

export interface OpSource {
  get(): Promise<Op | OpUnavailable>;
}
