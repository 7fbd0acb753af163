import { ALICE, BOB, target } from '../support/store.ts';
import { subjectOf } from './race-op.ts';

/** Everything that an operation of a race may name. */
export const PARTITIONS = new Map<string, string>([
  [ALICE, 'alice'],
  [BOB, 'bob'],
  ...['sid-1', 'sid-2', 'sid-3'].map((sid): [string, string] => [target('sid', sid), sid]),
  ...['alice', 'bob'].map((name): [string, string] => [target('sub', subjectOf(`${name}.contoso`)), `${name}’s sub`]),
  [target('account', ALICE), 'alice as a target'],
  [target('account', BOB), 'bob as a target'],
]);

/** What a reader of a story knows a partition by. */
export const nameOfPartition = (partitionKey: string): string =>
  PARTITIONS.get(partitionKey) ?? partitionKey.slice(0, 18);
