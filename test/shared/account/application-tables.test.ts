import { describe, expect, it } from '@jest/globals';
import { applicationTables } from '../../../shared/account/application-tables.ts';
import { createMemoryTables } from '../../memory-table/memory-table.ts';

const KEY = { partitionKey: '2026-11-21T09', rowKey: 'attempt~1' };

describe('two applications on one storage account', () => {
  it('see nothing of each other in a bucket of the same hour', async () => {
    const shared = createMemoryTables();
    const [contoso, fabrikam] = [applicationTables(shared, 'contoso'), applicationTables(shared, 'fabrikam')];
    const created = await contoso.expiries.create(KEY, { a: 1 });
    if (created.outcome !== 'created') throw new Error(created.outcome);

    expect(await fabrikam.expiries.read(KEY)).toEqual({ outcome: 'gone' });
    expect(await fabrikam.expiries.list(KEY.partitionKey, 10)).toMatchObject({ entities: [] });
    expect(await fabrikam.expiries.merge(KEY, { a: 2 }, created.etag)).toEqual({ outcome: 'gone' });
    expect(await fabrikam.expiries.replace(KEY, {}, created.etag)).toEqual({ outcome: 'gone' });
    expect(await fabrikam.expiries.remove(KEY, created.etag)).toEqual({ outcome: 'gone' });

    const entity = { ...KEY, etag: created.etag, properties: { a: 1 } };
    expect(await contoso.expiries.read(KEY)).toEqual({ outcome: 'found', entity });
    expect(await contoso.expiries.list(KEY.partitionKey, 10)).toMatchObject({ entities: [entity] });
    expect(await contoso.expiries.remove(entity, entity.etag)).toEqual({ outcome: 'removed' });
  });

  it.each(['a~b', 'a/b', '~', 'x'.repeat(1_000), '\ud800'])('may have any client id: %j', async (clientId) => {
    const { expiries } = applicationTables(createMemoryTables(), clientId);
    expect(await expiries.create(KEY, {})).toMatchObject({ outcome: 'created' });
  });
});
