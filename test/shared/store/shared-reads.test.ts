import { describe, expect, it } from '@jest/globals';
import { sharedReads } from '../../../shared/store/shared-reads.ts';
import { createMemoryTables } from '../../memory-table/memory-table.ts';

const KEY = { partitionKey: 'p', rowKey: 'r' };

/** A table that holds the first read until it is let go, and counts all. */
function held() {
  const tables = createMemoryTables();
  const gate = Promise.withResolvers<undefined>();
  let reads = 0;
  tables.before = ({ name }) => {
    if (name !== 'read') return undefined;
    reads += 1;
    return reads === 1 ? gate.promise : undefined;
  };
  const table = sharedReads(tables.accounts, { sleep: () => new Promise(() => {}) });
  return { table, letGo: () => gate.resolve(undefined), reads: () => reads };
}

describe('reads at once', () => {
  it('of the same properties of one entity are two', async () => {
    const { table, letGo, reads } = held();
    await table.create(KEY, { s_1: 'x' });
    const asked = Array.from({ length: 10 }, () => table.read(KEY, ['s_1', 'l_1']));
    letGo();
    for (const answer of await Promise.all(asked))
      expect(answer).toMatchObject({ entity: { properties: { s_1: 'x' } } });
    expect(reads()).toBe(2);
  });

  it.each([
    ['of other properties', KEY, ['s_2']],
    ['of more properties', KEY, ['s_1', 'l_1']],
    ['of another row', { ...KEY, rowKey: 'q' }, ['s_1']],
    ['of another partition', { ...KEY, partitionKey: 'q' }, ['s_1']],
    ['of the whole entity', KEY, undefined],
  ])('%s do not wait for each other', async (_, key, select) => {
    const { table, letGo, reads } = held();
    const first = table.read(KEY, ['s_1']);
    await table.read(key, select);
    expect(reads()).toBe(2);
    letGo();
    await first;
  });

  it('do not share what was read before a deletion with whoever asks after it', async () => {
    const { table, letGo } = held();
    const created = await table.create(KEY, { s_1: 'x' });
    const early = table.read(KEY, ['s_1']);
    await table.remove(KEY, created.outcome === 'created' ? created.etag : '');
    const late = table.read(KEY, ['s_1']);
    letGo();
    await early;
    expect(await late).toEqual({ outcome: 'gone' });
  });
});
