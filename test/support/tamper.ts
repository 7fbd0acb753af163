import { ACCOUNT_ROW_KEY } from '../../shared/account/account.ts';
import type { AccountKey } from '../../shared/account/account-key.ts';
import type { Properties } from '../../shared/store/table.ts';
import type { TestStore } from './store.ts';

/** Puts other properties into an account's entity, past every rule, as somebody with the storage account's key could. */
export async function tamper(
  { tables: { accounts } }: TestStore,
  account: AccountKey,
  change: (properties: Properties) => Properties,
): Promise<void> {
  const read = await accounts.read({ partitionKey: account, rowKey: ACCOUNT_ROW_KEY });
  if (read.outcome !== 'found') throw new Error(`nothing to tamper with: ${read.outcome}`);
  const replaced = await accounts.replace(read.entity, change(read.entity.properties), read.entity.etag);
  if (replaced.outcome !== 'updated') throw new Error(`not tampered with: ${replaced.outcome}`);
}

/** The bytes with one of them changed; a negative position counts from the end. */
export function withByte(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const position = at < 0 ? bytes.length + at : at;
  changed[position] = change(changed[position] ?? 0);
  return changed;
}

/** A stored property's bytes. */
export function bytesOf(properties: Properties, name: string): Uint8Array {
  const bytes = properties[name];
  if (!(bytes instanceof Uint8Array)) throw new Error('no bytes are stored there');
  return bytes;
}
