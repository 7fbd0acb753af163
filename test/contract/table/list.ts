import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { Tables } from '../../../shared/store/table.ts';
import { created } from './helpers.ts';

const MORE_THAN_A_PAGE = 1050;
const AT_ONCE = 20;

/** What a list gives, and how much of it. */
export function listCases(tables: () => Tables): void {
  const newPartition = (): string => `list-${randomUUID()}`;

  it('is empty and complete where nothing was written', async () => {
    expect(await tables().sids.list(newPartition(), 10)).toEqual({ outcome: 'listed', entities: [], complete: true });
  });

  it('gives whole entities in order of RowKey, capitals first, and of that partition only', async () => {
    const partitionKey = newPartition();
    for (const rowKey of ['b', 'a', 'a1', 'B', '10', '9'])
      await created(tables().sids, { partitionKey, rowKey }, { rowKey_: rowKey });
    await created(tables().sids, { partitionKey: `${partitionKey}x`, rowKey: 'a' });
    const listed = await tables().sids.list(partitionKey, 100);
    if (listed.outcome !== 'listed') throw new Error(listed.outcome);
    expect(listed.entities.map(({ properties }) => properties.rowKey_)).toEqual(['10', '9', 'B', 'a', 'a1', 'b']);
    expect(new Set(listed.entities.map((entity) => entity.partitionKey))).toEqual(new Set([partitionKey]));
    expect(listed.complete).toBe(true);
  });

  it('gives an ETag that an update takes', async () => {
    const key = { partitionKey: newPartition(), rowKey: 'a' };
    const etag = await created(tables().sids, key);
    const listed = await tables().sids.list(key.partitionKey, 1);
    expect(listed).toEqual({ outcome: 'listed', entities: [{ ...key, etag, properties: {} }], complete: true });
    expect(await tables().sids.remove(key, etag)).toEqual({ outcome: 'removed' });
  });

  it('keeps the tables apart', async () => {
    const key = { partitionKey: newPartition(), rowKey: 'a' };
    await created(tables().sids, key);
    for (const other of [tables().accounts, tables().expiries]) {
      expect(await other.read(key)).toEqual({ outcome: 'gone' });
    }
  });

  it('reads all pages, stops at the limit, and says whether there is more', async () => {
    const partitionKey = newPartition();
    const rowKeys = Array.from({ length: MORE_THAN_A_PAGE }, (_, index) => String(index).padStart(4, '0'));
    for (let begin = 0; begin < rowKeys.length; begin += AT_ONCE) {
      const batch = rowKeys.slice(begin, begin + AT_ONCE);
      await Promise.all(batch.map((rowKey) => created(tables().expiries, { partitionKey, rowKey })));
    }
    const limits = [1, 2, 999, 1000, 1001, 1049, 1050, 1051, 5000];
    for (const limit of limits) {
      const listed = await tables().expiries.list(partitionKey, limit);
      if (listed.outcome !== 'listed') throw new Error(listed.outcome);
      expect(listed.entities.map((entity) => entity.rowKey)).toEqual(rowKeys.slice(0, limit));
      expect(listed.complete).toBe(limit >= MORE_THAN_A_PAGE);
    }
  }, 60_000);

  it.each([0, -1, 1.5, Number.NaN])('throws for a limit of %d', async (limit) => {
    await expect(tables().sids.list(newPartition(), limit)).rejects.toThrow(RangeError);
  });
}
