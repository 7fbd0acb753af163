import { createHash } from 'node:crypto';
import { type Place, type PlacesInUse, shareOut } from '../store/places.ts';
import { scopedTable } from '../store/scoped-table.ts';
import type { AccountsTable, Tables } from '../store/table.ts';
import { escapeKeyPart, mayBeAccountOf } from './account-key.ts';
import type { AccountStore } from './account-store.ts';

/** Leaves room for what follows it in a partition key. */
const SCOPE_CHARACTERS_MAX = 128;

/**
 * One application's view of the tables of a storage account that several may share. Account keys and index keys hold the
 * client id as they are; the buckets of `expiries` get it here, so that each application sweeps only what it can read.
 */
export function applicationTables(tables: Tables, clientId: string): Tables {
  const escaped = escapeKeyPart(clientId);
  const scope = escaped.length <= SCOPE_CHARACTERS_MAX ? escaped : createHash('sha256').update(clientId).digest('hex');
  return {
    accounts: ownAccounts(tables.accounts, clientId),
    sids: tables.sids,
    expiries: scopedTable(tables.expiries, `${scope}~`),
  };
}

/** Of all partitions those of the application alone. */
function ownAccounts(accounts: AccountsTable, clientId: string): AccountsTable {
  return {
    ...accounts,
    async partitionKeys(after, limit) {
      const listed = await accounts.partitionKeys(after, limit);
      if (listed.outcome !== 'listed') return listed;
      return { ...listed, partitionKeys: listed.partitionKeys.filter((key) => mayBeAccountOf(key, clientId)) };
    },
  };
}

/**
 * One application's view of all that it stores: of one storage account as it is, of several as they share it out.
 *
 * @param through what each storage account's tables are seen through besides
 */
export function applicationStorage(
  { written: [first, ...others], moving }: PlacesInUse,
  clientId: string,
  through: (tables: Tables) => Tables = (tables) => tables,
): Pick<AccountStore, 'tables' | 'places'> {
  const view = ({ name, tables }: Place): Place => ({ name, tables: applicationTables(through(tables), clientId) });
  if ([...others, ...moving].every(({ name }) => name === first.name)) return { tables: view(first).tables };
  return shareOut({ written: [view(first), ...others.map(view)], moving: moving.map(view) });
}
