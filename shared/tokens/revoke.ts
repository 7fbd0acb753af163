import { createAccountCodec } from '../account/account.ts';
import type { AccountKey } from '../account/account-key.ts';
import type { AccountStore } from '../account/account-store.ts';
import { type DepartedTokens, type Departure, type OfOpSession, standingIn } from '../account/departures.ts';
import { readEach } from '../account/read-account.ts';
import { aborted, withDeadline } from '../ambient/deadline.ts';
import type { RevocationReach } from '../settings/settings.ts';
import type { TokenClient } from './token-client.ts';

/** Somebody waits, for whom all is done already: an OP that hangs is not worth more, however many tokens there are. */
export const REVOCATIONS_MILLISECONDS_MAX = 3_000;
/** A sign-out may end thousands of sessions; the OP has others to serve. */
const REVOCATIONS_AT_ONCE_MAX = 16;

/** What became of the tokens that were to be revoked, counted by sessions. */
export interface Revocations {
  readonly revoked: number;
  /** Refused, not answered, or not in time. */
  readonly failed: number;
}

export interface WithRevocations<T> {
  readonly done: T;
  readonly revocations: Revocations;
}

/** Asked only where there is something to revoke; null where the OP cannot be had. */
export type FindClient = () => Promise<TokenClient | null>;

/** Nothing was to be revoked. */
export const NO_REVOCATIONS: Revocations = { revoked: 0, failed: 0 };

/**
 * Of the tokens that left, those whose revocation reaches nothing that stands: what a sign-out has left alone must not end
 * because the OP ends more than it is asked to. Without a `sid` any two sessions may be of one OP session.
 */
export function worthRevoking({ tokens, standing }: Departure, reach: RevocationReach): readonly DepartedTokens[] {
  switch (reach) {
    case 'token':
      return tokens;
    case 'session':
      return tokens.filter(({ sid }) => !standing.some((other) => mayBeOne(sid, other)));
    case 'account':
      return standing.length === 0 ? tokens : [];
  }
}

const mayBeOne = (one: OfOpSession, other: OfOpSession): boolean =>
  one === undefined || one === null || other === undefined || other === null || one === other;

/**
 * Revokes what has left storage, as far as that is worth it, all at once and within a bound. Never throws: whatever becomes of it, the
 * tokens are gone from here.
 */
export async function revokeDeparted(findClient: FindClient, departures: readonly Departure[]): Promise<Revocations> {
  const departed = departures.reduce((sum, { tokens }) => sum + tokens.length, 0);
  if (departed === 0) return NO_REVOCATIONS;
  let [asked, revoked] = [departed, 0];
  const work = async (signal: AbortSignal): Promise<void> => {
    const client = await findClient();
    if (client === null) return;
    const { revocation: reach } = client;
    const caches = reach === null ? [] : departures.flatMap((departure) => worthRevoking(departure, reach));
    asked = caches.length;
    const rest = caches.values();
    const revokeRest = async (): Promise<void> => {
      for (const cache of rest) {
        if (signal.aborted) return;
        if ((await client.revoke(cache)) === 'revoked') revoked += 1;
      }
    };
    await Promise.all(Array.from({ length: REVOCATIONS_AT_ONCE_MAX }, revokeRest));
  };
  await withDeadline(REVOCATIONS_MILLISECONDS_MAX, (signal) =>
    Promise.race([work(signal), aborted(signal).catch(() => undefined)]),
  );
  return { revoked, failed: asked - revoked };
}

/** Does work over a store that tells what leaves it, then has that revoked, before anybody is answered. */
export async function revokingDeparted<T>(
  store: AccountStore,
  findClient: FindClient,
  work: (store: AccountStore) => Promise<T>,
): Promise<WithRevocations<T>> {
  const departures: Departure[] = [];
  const done = await work({ ...store, departed: (departure) => departures.push(departure) });
  return { done, revocations: await revokeDeparted(findClient, departures) };
}

/**
 * Revokes tokens that were got and that nobody keeps: a sign-in that is refused, a refresh that came too late. Where a
 * revocation reaches further than its token, their account is looked at first: it may stand by other sessions.
 */
export async function revokeThrownAway(
  store: AccountStore,
  client: TokenClient,
  account: AccountKey,
  tokens: DepartedTokens,
): Promise<void> {
  if (client.revocation === null) return;
  const standing = client.revocation === 'token' ? [] : await whatStands(store, account);
  await revokeDeparted(async () => client, [{ tokens: [tokens], standing }]);
}

/** In doubt something does. */
async function whatStands(store: AccountStore, account: AccountKey): Promise<OfOpSession[]> {
  const codec = createAccountCodec(store.keyring, account);
  return (await readEach(store, account)).flatMap((read) => {
    if (read.outcome === 'gone') return [];
    return read.outcome === 'found' ? standingIn(codec, read.entity) : [undefined];
  });
}
