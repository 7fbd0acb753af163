import { createHash } from 'node:crypto';
import { scopedTable } from '../store/scoped-table.ts';
import type { Tables } from '../store/table.ts';
import { escapeKeyPart } from './account-key.ts';

/** Leaves room for what follows it in a partition key. */
const SCOPE_CHARACTERS_MAX = 128;

/**
 * One application's view of the tables of a storage account that several may share. Account keys and index keys hold the
 * client id as they are; the buckets of `expiries` get it here, so that each application sweeps only what it can read.
 */
export function applicationTables(tables: Tables, clientId: string): Tables {
  const escaped = escapeKeyPart(clientId);
  const scope = escaped.length <= SCOPE_CHARACTERS_MAX ? escaped : createHash('sha256').update(clientId).digest('hex');
  return { accounts: tables.accounts, sids: tables.sids, expiries: scopedTable(tables.expiries, `${scope}~`) };
}
