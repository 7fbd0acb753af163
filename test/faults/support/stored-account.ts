import { randomBytes } from 'node:crypto';
import {
  ACCOUNT_ROW_KEY,
  type AccountCodec,
  cacheProperty,
  createAccountCodec,
  sessionIds,
  type Unsealed,
} from '../../../shared/account/account.ts';
import type { AccountKey } from '../../../shared/account/account-key.ts';
import { hashSecret, makeSessionId, type SessionId } from '../../../shared/account/session-record.ts';
import type { Entity, Properties, Tables } from '../../../shared/store/table.ts';
import { openTables } from '../../../shared/tables/tables.ts';
import { keyringOf } from '../../http/support/forge.ts';
import type { World } from '../../http/support/world.ts';
import type { Ground } from './ground.ts';
import type { Visitor } from './visitor.ts';

const HOUR_SECONDS = 3_600;
/** Long ago, and not so long that a session goes unused for too long. */
const EARLIER_MILLISECONDS = 30 * 60_000;

/** Storage itself, past the proxy. */
export function openStorage({ azurite }: Pick<World, 'azurite'>): Tables {
  return openTables({ kind: 'connection-string', connectionString: azurite.tablesConnectionString });
}

/** The account's row; null where there is none. */
export async function storedAccount({ accounts }: Tables, account: AccountKey): Promise<Entity | null> {
  const read = await accounts.read({ partitionKey: account, rowKey: ACCOUNT_ROW_KEY });
  if (read.outcome === 'unavailable') throw new Error(`storage itself: ${read.reason}`);
  return read.outcome === 'found' ? read.entity : null;
}

/** How many sessions an account has. @throws Error where one is without its tokens, or tokens without their session (G2) */
export function countSessions(entity: Entity | null): number {
  if (entity === null) return 0;
  const ids = sessionIds(entity.properties);
  const caches = Object.keys(entity.properties).filter((name) => name.startsWith('c_'));
  const whole = ids.every((id) => cacheProperty(id) in entity.properties) && caches.length === ids.length;
  if (!whole) throw new Error('a session without its tokens, or tokens without their session');
  return ids.length;
}

/** Changes an account's ETag and nothing else, as a renewal or another refresh does. */
export async function touch(storage: Tables, account: AccountKey): Promise<void> {
  const entity = await storedAccount(storage, account);
  if (entity !== null) await storage.accounts.merge(entity, {}, entity.etag);
}

/** Seals each of a visitor's sessions anew, with other content, as only the application could. */
async function reseal(
  { world, storage }: Pick<Ground, 'world' | 'storage'>,
  { account, app }: Visitor,
  change: (codec: AccountCodec, entity: Entity, id: SessionId) => Properties,
): Promise<void> {
  const entity = await storedAccount(storage, account);
  if (entity === null) throw new Error('nobody is signed in');
  const codec = createAccountCodec(keyringOf(world.sessionKeys, app.clientId), account);
  const changed = sessionIds(entity.properties).map((id) => change(codec, entity, id));
  await storage.accounts.merge(entity, Object.assign({}, ...changed), entity.etag);
}

function opened<T>(unsealed: Unsealed<T>): T {
  if (unsealed.outcome !== 'opened') throw new Error(`a property is ${unsealed.outcome}`);
  return unsealed.value;
}

/** Has a visitor's sessions be last used so long ago: their next use is worth a write. */
export function age(ground: Pick<Ground, 'world' | 'storage'>, visitor: Visitor, minutes: number): Promise<void> {
  return reseal(ground, visitor, (codec, entity, id) => {
    const session = opened(codec.openSession(entity, id));
    return codec.sealSession(id, { ...session, lastUsedAt: session.lastUsedAt - minutes * 60_000 });
  });
}

/**
 * Has a visitor's account hold so many sessions more, on other devices and of other OP sessions, each with tokens like theirs:
 * as if that many sign-ins had come before.
 */
export async function addSessions(
  { world, storage }: Pick<Ground, 'world' | 'storage'>,
  { account, app }: Visitor,
  count: number,
): Promise<void> {
  const entity = await storedAccount(storage, account);
  const [own] = sessionIds(entity?.properties ?? {});
  if (entity === null || own === undefined) throw new Error('nobody is signed in');
  const codec = createAccountCodec(keyringOf(world.sessionKeys, app.clientId), account);
  const [session, cache] = [opened(codec.openSession(entity, own)), opened(codec.openCache(entity, own))];
  const added = Array.from({ length: count }, () => {
    const id = makeSessionId(randomBytes);
    const at = session.startedAt - EARLIER_MILLISECONDS;
    const times = { startedAt: at, signedInAt: at, lastUsedAt: at };
    const other = { ...session, ...times, secretHash: hashSecret(id), sid: `sid-${id}` };
    return { ...codec.sealSession(id, other), ...codec.sealCache(id, cache) };
  });
  const written = await storage.accounts.merge(entity, Object.assign({}, ...added), entity.etag);
  if (written.outcome !== 'updated') throw new Error(`storage itself: ${written.outcome}`);
}

/** Has a visitor's stored access tokens be over, so that the next call that needs one redeems the refresh token. */
export function expireTokens(ground: Pick<Ground, 'world' | 'storage'>, visitor: Visitor): Promise<void> {
  return reseal(ground, visitor, (codec, entity, id) => {
    const cache = JSON.parse(opened(codec.openCache(entity, id)));
    for (const token of Object.values<{ expires_on: string; cached_at: string }>(cache.AccessToken)) {
      const obtainedAt = Number(token.cached_at) - 2 * HOUR_SECONDS;
      token.cached_at = String(obtainedAt);
      token.expires_on = String(obtainedAt + HOUR_SECONDS);
    }
    return codec.sealCache(id, JSON.stringify(cache)) ?? {};
  });
}

/** Has a visitor's stored tokens take so many bytes, as those for many APIs do: of what compresses no further. */
export function enlargeCaches(
  ground: Pick<Ground, 'world' | 'storage'>,
  visitor: Visitor,
  bytes: number,
): Promise<void> {
  return reseal(ground, visitor, (codec, entity, id) => {
    const cache = JSON.parse(opened(codec.openCache(entity, id)));
    const padding = randomBytes(bytes).toString('base64url');
    const sealed = codec.sealCache(id, JSON.stringify({ ...cache, padding }));
    if (sealed === null) throw new Error('too large for a property');
    return sealed;
  });
}
