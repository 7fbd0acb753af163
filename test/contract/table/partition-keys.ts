import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { Tables } from '../../../shared/store/table.ts';
import { created } from './helpers.ts';

/** What a look through all partitions gives, and where it goes on. Other cases have partitions of their own in the same table. */
export function partitionKeysCases(tables: () => Tables): void {
  const walk = async (limit: number, from: string | null = null): Promise<string[]> => {
    const keys: string[] = [];
    let after = from;
    do {
      const listed = await tables().accounts.partitionKeys(after, limit);
      if (listed.outcome !== 'listed') throw new Error(listed.outcome);
      expect(listed.partitionKeys.length).toBeLessThanOrEqual(limit);
      keys.push(...listed.partitionKeys);
      after = listed.next;
    } while (after !== null);
    return keys;
  };

  it.each([1, 3, 100])(
    'gives each partition once, in their order, %d rows at a time',
    async (limit) => {
      const prefix = `keys-${randomUUID()}`;
      const own = ['', '-', '=0041', 'A', 'a', 'a~client', "a'b", 'z'].map((end) => prefix + end);
      for (const partitionKey of own) await created(tables().accounts, { partitionKey, rowKey: 'account' });
      // From just before on: the table is other cases' too.
      const keys = await walk(limit, prefix.slice(0, -1));
      expect(keys.filter((key) => key.startsWith(prefix))).toEqual(own.toSorted((a, b) => (a < b ? -1 : 1)));
      expect(keys).toEqual([...new Set(keys)].toSorted((a, b) => (a < b ? -1 : 1)));
    },
    60_000,
  );

  it('goes on behind a partition that is no more, and sees what came since', async () => {
    const prefix = `keys-${randomUUID()}`;
    await created(tables().accounts, { partitionKey: `${prefix}a`, rowKey: 'account' });
    await created(tables().accounts, { partitionKey: `${prefix}c`, rowKey: 'account' });
    const keys = await walk(1, `${prefix}b`);
    expect(keys.slice(0, 1)).toEqual([`${prefix}c`]);
    expect(await walk(10, `${prefix}c`)).not.toContain(`${prefix}c`);
  });

  it('is empty behind the last', async () => {
    expect(await tables().accounts.partitionKeys('~'.repeat(512), 10)).toEqual({
      outcome: 'listed',
      partitionKeys: [],
      next: null,
    });
  });

  it.each([0, -1, 1.5, Number.NaN])('throws for a limit of %d', async (limit) => {
    await expect(tables().accounts.partitionKeys(null, limit)).rejects.toThrow(RangeError);
  });
}
