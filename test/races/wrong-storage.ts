import { expiryBucket } from '../../shared/store/expiry-buckets.ts';
import type { Table } from '../../shared/store/table.ts';
import { HOUR } from '../support/records.ts';
import { ALICE } from '../support/store.ts';
import {
  CREATED,
  holdsLeaseAlone,
  holdsSession,
  holdsTokens,
  isTombstone,
  type SpoilTable,
  spoilt,
  standing,
  UPDATED,
} from './spoil.ts';
import { RACE_EPOCH } from './stage.ts';
import type { Scenario } from './world.ts';

export type Spoil = NonNullable<Scenario['spoil']>;

const onAccounts =
  (spoil: SpoilTable): Spoil =>
  (tables) =>
    spoilt(tables, 'accounts', spoil);
const onSids =
  (spoil: SpoilTable): Spoil =>
  (tables) =>
    spoilt(tables, 'sids', spoil);

export const noTombstone: Spoil = onSids((sids) => ({
  create: async (key, properties) => (isTombstone(key) ? CREATED : sids.create(key, properties)),
}));

export const upsert: Spoil = onAccounts((accounts) => ({
  merge: async (key, properties, etag) => {
    const merged = await accounts.merge(key, properties, etag);
    return merged.outcome === 'gone' && (await accounts.create(key, properties)).outcome === 'created'
      ? UPDATED
      : merged;
  },
}));

export const mergeWithoutEtag: Spoil = onAccounts((accounts) => ({
  merge: async (key, properties, etag) => {
    const entity = holdsTokens(properties) ? await standing(accounts, key) : null;
    return accounts.merge(key, properties, entity?.etag ?? etag);
  },
}));

export const createWithSession: Spoil = onAccounts((accounts) => ({
  create: async () => CREATED,
  merge: async (key, properties, etag) => {
    if (etag !== CREATED.etag) return accounts.merge(key, properties, etag);
    const created = await accounts.create(key, properties);
    return created.outcome === 'created' ? UPDATED : { outcome: 'changed' };
  },
}));

export const noTouch: Spoil = onAccounts((accounts) => ({
  merge: async (key, properties, etag) =>
    Object.keys(properties).length === 0 ? UPDATED : accounts.merge(key, properties, etag),
}));

export const tombstoneMovedBack: Spoil = (tables, { signsOut }) => {
  if (!signsOut) return tables;
  return spoilt(tables, 'sids', (sids) => ({
    read: async (key, select) => {
      const read = await sids.read(key, select);
      if (read.outcome !== 'found') return read;
      return { outcome: 'found', entity: { ...read.entity, properties: { receivedAt: new Date(0) } } };
    },
  }));
};

/** The index row waits until the session is written. */
export const indexAfterSession: Spoil = (tables) => {
  const late: (() => Promise<unknown>)[] = [];
  const index = spoilt(tables, 'sids', (sids) => ({
    create: async (key, properties) => {
      if (isTombstone(key)) return sids.create(key, properties);
      late.push(() => sids.create(key, properties));
      return CREATED;
    },
  }));
  return spoilt(index, 'accounts', (accounts) => ({
    merge: async (key, properties, etag) => {
      const merged = await accounts.merge(key, properties, etag);
      if (holdsSession(properties)) await Promise.all(late.splice(0).map((write) => write()));
      return merged;
    },
  }));
};

/** The first sign-in's row stands for all that follow into the same account. */
export const oneIndexRowAnAccount: Spoil = onSids((sids) => ({
  create: async (key, properties) => {
    const listed = await sids.list(key.partitionKey, 100);
    const there =
      listed.outcome === 'listed' && listed.entities.some((row) => row.properties.account === properties.account);
    return there && !isTombstone(key) ? { outcome: 'exists' } : sids.create(key, properties);
  },
}));

/** After its work a sign-out clears the index: also of what it did not list. */
export const indexCleared: Spoil = (tables, { signsOut }) => {
  if (!signsOut) return tables;
  let index = '';
  const clear = async (): Promise<void> => {
    const listed = await tables.sids.list(index, 100);
    if (listed.outcome !== 'listed') return;
    for (const row of listed.entities) if (!isTombstone(row)) await tables.sids.remove(row, row.etag);
  };
  const listing = spoilt(tables, 'sids', (sids) => ({
    list: (partitionKey, limit) => {
      index = partitionKey;
      return sids.list(partitionKey, limit);
    },
  }));
  return spoilt(listing, 'accounts', (accounts) => ({
    remove: async (key, etag) => {
      const removed = await accounts.remove(key, etag);
      await clear();
      return removed;
    },
  }));
};

/** What was read is written again with the new tokens where the account has gone meanwhile. */
export const tokensOverGone: Spoil = onAccounts((accounts) => {
  let before = {};
  return {
    read: async (key, select) => {
      const read = await accounts.read(key, select);
      if (read.outcome === 'found') before = read.entity.properties;
      return read;
    },
    merge: async (key, properties, etag) => {
      const merged = await accounts.merge(key, properties, etag);
      if (merged.outcome !== 'gone' || !holdsTokens(properties)) return merged;
      return (await accounts.create(key, { ...before, ...properties })).outcome === 'created' ? UPDATED : merged;
    },
  };
});

/** Where the account still stands, the session is taken to stand too. */
export const anySessionWillDo: Spoil = onAccounts((accounts) => {
  let before = {};
  return {
    read: async (key, select) => {
      const read = await accounts.read(key, select);
      if (read.outcome !== 'found' || select === undefined) return read;
      before = { ...before, ...read.entity.properties };
      return { outcome: 'found', entity: { ...read.entity, properties: { ...before, ...read.entity.properties } } };
    },
  };
});

export const renewalShortens: Spoil = onAccounts((accounts) => ({
  merge: (key, properties, etag) => {
    const renews = holdsSession(properties) && !holdsTokens(properties);
    return accounts.merge(key, renews ? { ...properties, expiresOn: new Date(0) } : properties, etag);
  },
}));

export const deleteAnyway: Spoil = onAccounts((accounts) => ({
  remove: async (key, etag) => {
    const entity = await standing(accounts, key);
    return accounts.remove(key, entity?.etag ?? etag);
  },
}));

export const noLease: Spoil = onAccounts((accounts) => ({
  merge: async (key, properties, etag) =>
    holdsLeaseAlone(properties) ? { outcome: 'updated', etag } : accounts.merge(key, properties, etag),
}));

/** The session is taken from what this instance read long ago. */
export const notRead: Spoil = (tables, { signsIn, signsOut }) =>
  signsIn || signsOut ? tables : spoilt(tables, 'accounts', () => ({ read: remembering(tables.accounts) }));

/** Read before the race began, by the tables below the yield point. */
function remembering(accounts: Table): Table['read'] {
  const first = accounts.read({ partitionKey: ALICE, rowKey: 'account' });
  return () => first;
}

/** A callback that ends the browser's earlier session buries its `sid`, which is also that of the sign-in itself. */
export const selfMadeTombstone: Spoil = (tables, { signsIn }) =>
  signsIn
    ? spoilt(tables, 'sids', (sids) => ({
        create: async (key, properties) => {
          const created = await sids.create(key, properties);
          await sids.create({ ...key, rowKey: 'tombstone' }, { receivedAt: properties.startedAt ?? '' });
          return created;
        },
      }))
    : tables;

/** A sign-out that finds a shell touches it, as it does where a session stands that it does not name. */
export const shellTouched: Spoil = (tables, { signsOut }) =>
  signsOut
    ? spoilt(tables, 'accounts', (accounts) => ({
        remove: async (key, etag) => {
          const entity = await standing(accounts, key);
          if (entity === null || Object.keys(entity.properties).length > 0) return accounts.remove(key, etag);
          const touched = await accounts.merge(key, {}, etag);
          return touched.outcome === 'updated' ? { outcome: 'removed' } : accounts.remove(key, etag);
        },
      }))
    : tables;

/** A sweep that looks into the hour in which sessions of now will end, and takes every index row there for an old one. */
export const youngTaken: Spoil = (tables, { sweeps }) => {
  if (!sweeps) return tables;
  const unsettled = spoilt(tables, 'expiries', (expiries) => ({
    list: (_, limit) => expiries.list(expiryBucket(RACE_EPOCH + 8 * HOUR), limit),
  }));
  return spoilt(unsettled, 'sids', (sids) => ({
    read: async (key, select) => {
      const read = await sids.read(key, select);
      if (read.outcome !== 'found') return read;
      return { outcome: 'found', entity: { ...read.entity, properties: { startedAt: new Date(0) } } };
    },
  }));
};
