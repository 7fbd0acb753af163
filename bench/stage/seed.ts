import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { TableClient } from '@azure/data-tables';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { accountKey } from '../../shared/account/account-key.ts';
import type { AccountStore } from '../../shared/account/account-store.ts';
import { admit } from '../../shared/account/admit.ts';
import { applicationStorage } from '../../shared/account/application-tables.ts';
import { createReplacedHere } from '../../shared/account/replaced-here.ts';
import { hashSecret, makeSessionId } from '../../shared/account/session-record.ts';
import { systemAmbient } from '../../shared/ambient/system.ts';
import type { OpMetadata } from '../../shared/oidc/metadata.ts';
import { createKeyring } from '../../shared/seal/keyring.ts';
import { sealTicket } from '../../shared/session/ticket.ts';
import type { Settings } from '../../shared/settings/settings.ts';
import { signoutTargets } from '../../shared/signin/signout-targets.ts';
import { openPlaces } from '../../shared/tables/places.ts';
import { cacheRow } from '../subjects/usual/table-cache-plugin.ts';
import { sessionRow } from '../subjects/usual/table-session-store.ts';
import type { User } from './users.ts';

const HOURS = 60 * 60 * 1_000;
const IV_BYTES = 12;

/** Somebody who has a session with every subject, in its own stored form. */
export interface SeededUser extends User {
  readonly sessionId: string;
  /** The `Cookie` header, by the form of session. */
  readonly cookies: { readonly exeunt: string; readonly floor: string; readonly usual: string };
}

export interface Seeds {
  readonly settings: Settings;
  readonly metadata: OpMetadata;
  readonly tablesConnectionString: string;
  readonly cookieKey: Buffer;
  readonly cookieSecret: string;
}

/** Makes sessions; each call of what it gives is a sign-in of that user, a further device where there were some before. */
export async function seeder(seeds: Seeds): Promise<(user: User) => Promise<SeededUser>> {
  const signIn = exeuntSignIn(seeds);
  const usual = await usualSignIn(seeds);
  return async (user) => {
    const { sessionId, account, cookie } = await signIn(user);
    const floor = floorCookie(seeds.cookieKey, { account, sessionId });
    return { ...user, sessionId, cookies: { exeunt: cookie, floor, usual: await usual(user) } };
  };
}

/** A sign-in by the application's own code, from where the OP has vouched for somebody. */
function exeuntSignIn({ settings, metadata }: Seeds) {
  const { clientId } = settings.op;
  const store: AccountStore = {
    ...applicationStorage(openPlaces(settings.tables), clientId),
    keyring: createKeyring(settings.sessionKeys, clientId, systemAmbient),
    ambient: systemAmbient,
    replacedHere: createReplacedHere(),
  };
  return async ({ id, homeAccountId, cache }: User) => {
    const account = accountKey(homeAccountId, clientId);
    const sessionId = makeSessionId(systemAmbient.randomBytes);
    const secret = randomBytes(32).toString('base64url');
    const sid = `sid-${sessionId}`;
    const claims = { sub: `sub-${id}`, sid } as Parameters<typeof signoutTargets>[2]['claims'];
    const targets = signoutTargets(settings, metadata.issuer, { account, homeAccountId, claims, sid });
    const now = Date.now();
    const admitted = await admit(store, {
      ...targets,
      account,
      sessionId,
      cache,
      replaces: [],
      record: {
        secretHash: hashSecret(secret),
        sid,
        startedAt: now,
        signedInAt: now,
        // Later than any run ends: no session is renewed in it, which is a write in five minutes and not what a call costs, and
        // which storage that always answers the same would have repeated with every call.
        lastUsedAt: now + 2 * HOURS,
        endsAt: now + 8 * HOURS,
        device: 'Firefox on Linux',
        homeAccountId,
        user: { name: `Person ${id}`, username: `${id}@contoso.example`, loginHint: 'O.CiQ'.padEnd(120, 'x') },
      },
    });
    if (admitted.outcome !== 'admitted') throw new Error(`${id} was not let in: ${admitted.outcome}`);
    const ticket = sealTicket(store.keyring, { account, sessionId, secret, tombstone: targets.own });
    return { account, sessionId, cookie: `__Host-session=${ticket}` };
  };
}

function floorCookie(key: Buffer, ticket: object): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const sealed = [iv, cipher.update(JSON.stringify(ticket)), cipher.final()];
  return `__Host-session=${Buffer.concat([...sealed, cipher.getAuthTag()]).toString('base64url')}`;
}

async function usualSignIn({ settings, tablesConnectionString, cookieSecret }: Seeds) {
  const open = async (name: string) => {
    const table = TableClient.fromConnectionString(tablesConnectionString, name, { allowInsecureConnection: true });
    await table.createTable();
    return table;
  };
  const [sessions, caches] = [await open('usualsessions'), await open('usualcaches')];
  return async ({ homeAccountId, cache }: User): Promise<string> => {
    const client = new ConfidentialClientApplication({
      auth: { clientId: settings.op.clientId, clientSecret: 'none' },
    });
    client.getTokenCache().deserialize(cache);
    const [account] = await client.getTokenCache().getAllAccounts();
    if (account === undefined) throw new Error('a cache without an account');
    const id = randomBytes(24).toString('base64url');
    const expires = new Date(Date.now() + 8 * HOURS);
    const cookie = { originalMaxAge: 8 * HOURS, expires, httpOnly: true, path: '/', sameSite: 'lax' as const };
    await sessions.createEntity({ partitionKey: id, rowKey: 'session', ...sessionRow({ cookie, account }) });
    await caches.upsertEntity(cacheRow(homeAccountId, cache), 'Replace');
    const signature = createHmac('sha256', cookieSecret).update(id).digest('base64').replace(/=+$/, '');
    return `connect.sid=${encodeURIComponent(`s:${id}.${signature}`)}`;
  };
}
