import type { Entity, Property } from '../../shared/store/table.ts';
import type { MemoryTables } from '../../test/memory-table/memory-table.ts';

const TABLES = ['accounts', 'sids', 'expiries'] as const;

/** What lies in tables, and what the service would charge for it. */
export function sizeOf(stored: readonly MemoryTables[]): { readonly rows: number; readonly bytes: number } {
  let [rows, bytes] = [0, 0];
  for (const tables of stored) {
    for (const table of TABLES) {
      for (const entity of tables.rows(table)) {
        rows += 1;
        bytes += entityBytes(entity);
      }
    }
  }
  return { rows, bytes };
}

/** By the formula that Microsoft gives for the size of a stored entity: text is UTF-16. */
function entityBytes({ partitionKey, rowKey, properties }: Entity): number {
  const own = Object.entries(properties).map(([name, value]) => 8 + 2 * name.length + propertyBytes(value));
  return own.reduce((sum, each) => sum + each, 4 + 2 * (partitionKey.length + rowKey.length));
}

function propertyBytes(value: Property): number {
  if (typeof value === 'string') return 4 + 2 * value.length;
  if (value instanceof Uint8Array) return 4 + value.length;
  return value instanceof Date ? 8 : 4;
}
