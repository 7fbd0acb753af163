import { describe, expect, it } from '@jest/globals';
import type { Unavailable } from '../../../shared/store/table.ts';
import { createMemoryTables, type Operation } from '../../memory-table/memory-table.ts';

const KEY = { partitionKey: 'p', rowKey: 'r' };
const LOST: Unavailable = { outcome: 'unavailable', reason: 'test' };

describe('the tables in memory', () => {
  it('let a test refuse an operation before its effect', async () => {
    const tables = createMemoryTables();
    tables.before = () => LOST;
    expect(await tables.accounts.create(KEY, { a: 'x' })).toEqual(LOST);
    expect(tables.rows('accounts')).toEqual([]);
  });

  it('let a test lose the answer after the effect', async () => {
    const tables = createMemoryTables();
    tables.after = () => LOST;
    expect(await tables.accounts.create(KEY, { a: 'x' })).toEqual(LOST);
    expect(tables.rows('accounts')).toMatchObject([{ ...KEY, properties: { a: 'x' } }]);
  });

  it('let a test hold an operation until another has had its effect', async () => {
    const tables = createMemoryTables();
    const created = await tables.accounts.create(KEY, {});
    const etag = created.outcome === 'created' ? created.etag : '';
    const release = Promise.withResolvers<undefined>();
    tables.before = ({ name }) => (name === 'merge' ? release.promise : undefined);
    const merge = tables.accounts.merge(KEY, { a: 'x' }, etag);
    expect(await tables.accounts.remove(KEY, etag)).toEqual({ outcome: 'removed' });
    release.resolve(undefined);
    expect(await merge).toEqual({ outcome: 'gone' });
  });

  it('tell the hooks what is done to which table', async () => {
    const tables = createMemoryTables();
    const seen: Operation[] = [];
    tables.before = (operation) => {
      seen.push(operation);
      return undefined;
    };
    await tables.sids.merge({ ...KEY, ...{ more: 'than a key' } }, { a: 'x' }, 'W/"1"');
    await tables.expiries.list('p', 1);
    expect(seen).toEqual([
      { table: 'sids', name: 'merge', ...KEY, properties: { a: 'x' }, etag: 'W/"1"' },
      { table: 'expiries', name: 'list', partitionKey: 'p' },
    ]);
  });

  it('store what was given at the call, whatever becomes of it while a hook waits', async () => {
    const tables = createMemoryTables();
    const binary = new Uint8Array([1]);
    tables.before = () => {
      binary[0] = 9;
      return undefined;
    };
    await tables.accounts.create(KEY, { binary });
    expect(tables.rows('accounts')[0]?.properties.binary).toEqual(new Uint8Array([1]));
  });

  it('never give one ETag twice, though the clock stands still', async () => {
    const tables = createMemoryTables({ now: () => 0 });
    const etags = new Set<string>();
    for (let life = 0; life < 5; life += 1) {
      const created = await tables.accounts.create(KEY, {});
      if (created.outcome !== 'created') throw new Error(created.outcome);
      etags.add(created.etag);
      await tables.accounts.remove(KEY, created.etag);
    }
    expect(etags.size).toBe(5);
  });
});
