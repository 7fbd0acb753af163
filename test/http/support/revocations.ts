import { createAccountCodec } from '../../../shared/account/account.ts';
import type { AccountKey } from '../../../shared/account/account-key.ts';
import { refreshTokensIn } from '../../../shared/account/cache-codec.ts';
import { parseSessionId } from '../../../shared/account/session-record.ts';
import { openTables } from '../../../shared/tables/tables.ts';
import { keyringOf } from './forge.ts';
import { type Arrived, bringIn } from './sign-in.ts';
import { storedRows } from './stored.ts';
import type { RunningApp, World } from './world.ts';

/** Somebody who is signed in, with the refresh token that is stored for them. */
export interface Holder extends Arrived {
  readonly app: RunningApp;
  readonly sessionId: string;
  readonly refreshToken: string;
}

/** Brings a person in, a new one unless said otherwise, and looks what was stored. */
export async function bringHolder(world: World, person = world.newPerson(), app = world.app): Promise<Holder> {
  return holderOf(world, app, await bringIn(world, person, app));
}

/** What is stored for somebody now. */
export async function holderOf(world: World, app: RunningApp, arrived: Arrived): Promise<Holder> {
  const { session } = (await arrived.browser.fetch(`${app.origin}/auth/session`)).json<{ session: { id: string } }>();
  return { ...arrived, app, sessionId: session.id, refreshToken: await storedRefreshToken(world, app, session.id) };
}

/** The refresh token that is stored for a session, read as only the application, and a test, can. */
async function storedRefreshToken(world: World, app: RunningApp, sessionId: string): Promise<string> {
  const id = parseSessionId(sessionId);
  const row = (await storedRows(world)).accounts.find(({ properties }) => `c_${sessionId}` in properties);
  if (id === null || row === undefined) throw new Error('no such session is stored');
  const { TABLES_CONNECTION_STRING: connectionString = '', SESSION_KEYS: keys = '' } = app.environment;
  const read = await openTables({ kind: 'connection-string', connectionString }).accounts.read(row);
  if (read.outcome !== 'found') throw new Error(read.outcome);
  const cache = createAccountCodec(keyringOf(keys, app.clientId), row.partitionKey as AccountKey).openCache(
    read.entity,
    id,
  );
  if (cache.outcome !== 'opened') throw new Error(cache.outcome);
  return refreshTokensIn(cache.value)[0] ?? '';
}

/** Whether the refresh token was revoked at the OP, by a request that succeeded. */
export const wasRevoked = ({ op }: World, { refreshToken }: Pick<Holder, 'refreshToken'>): boolean =>
  op.revocations.some(({ token, failed }) => token === refreshToken && !failed);

export const callApi = ({ browser, app }: Holder) =>
  browser.fetch(`${app.origin}/api/graph/me`, { headers: { 'x-csrf': '1' } });
export const signOut = ({ browser, app }: Holder, query = '') =>
  browser.submit(`${app.origin}/auth/signout${query}`, {}, app.origin);
