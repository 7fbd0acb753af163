import { beforeEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT_ROW_KEY, cacheProperty, leaseProperty } from '../../../shared/account/account.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import type { Properties } from '../../../shared/store/table.ts';
import { acquireAccessToken } from '../../../shared/tokens/access-token.ts';
import { createTokenMemory } from '../../../shared/tokens/token-memory.ts';
import { HOUR } from '../../support/records.ts';
import { type ScriptedTokenClient, scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { propertiesWith, signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, createTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let client: ScriptedTokenClient;
let ticket: SessionTicket;
let other: SessionTicket;
beforeEach(async () => {
  store = createTestStore();
  client = scriptedTokenClient(store.ambient);
  ticket = await signIn(store, { cache: scriptedCache() });
  other = await signIn(store, { sid: 'sid-2', cache: scriptedCache() });
});

const acquire = () => acquireAccessToken(store, client, createTokenMemory(), ticket, ['User.Read']);
const stored = (): Properties => store.tables.rows('accounts')[0]?.properties ?? {};
const overwrite = async (properties: Properties): Promise<void> => {
  const etag = store.tables.rows('accounts')[0]?.etag ?? '';
  await store.tables.accounts.merge({ partitionKey: ALICE, rowKey: ACCOUNT_ROW_KEY }, properties, etag);
};
/** The same sealed bytes in a format that is not known yet. */
const newer = (sealed: unknown): Uint8Array => Uint8Array.from([99, ...(sealed as Uint8Array).subarray(1)]);

describe('a session whose tokens cannot be read', () => {
  it('ends where they are damaged, and the others of its account stay', async () => {
    await overwrite({ [cacheProperty(ticket.sessionId)]: new Uint8Array([1, 2, 3]) });
    expect(await acquire()).toEqual({ outcome: 'signed-out', reason: 'tokens-corrupt' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(other));
  });

  it('is left to the instance that can read them', async () => {
    const name = cacheProperty(ticket.sessionId);
    await overwrite({ [name]: newer(stored()[name]) });
    const unreadable = { outcome: 'signed-out', reason: 'tokens-unreadable', unreadable: 'newer-format' };
    expect(await acquire()).toEqual(unreadable);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket, other));
  });
});

describe('a lease that only another instance can read', () => {
  const lease = async () => overwrite({ [leaseProperty(ticket.sessionId)]: new Uint8Array([99, 0, 0]) });

  it('lets nobody here redeem the refresh token: somebody may be at it', async () => {
    await lease();
    expect(await acquire()).toEqual({ outcome: 'unavailable', reason: 'lease-unreadable' });
    expect(client.redemptions()).toBe(0);
  });

  it('does not keep a token that is good from its caller', async () => {
    const now = store.ambient.now();
    ticket = await signIn(store, {
      sid: 'sid-3',
      cache: scriptedCache({ token: 'good', obtainedAt: now, expiresAt: now + HOUR }),
    });
    await lease();
    expect(await acquire()).toMatchObject({ outcome: 'acquired', accessToken: { token: 'good' } });
  });
});
