import type { TableClient } from '@azure/data-tables';
import { expect, it } from '@jest/globals';
import { systemAmbient } from '../../../shared/ambient/system.ts';
import { untilItWorks } from '../../../shared/ambient/until-it-works.ts';
import { createAzureTable } from '../../../shared/tables/azure-table.ts';
import { createCaller } from '../../../shared/tables/caller.ts';

const KEY = { partitionKey: 'p', rowKey: 'r' };
/** How often one call is tried. */
const ATTEMPTS = 3;

it('a write whose SDK cannot be loaded is unavailable, by a code and no path, and the next has it loaded once', async () => {
  let loads = 0;
  const client = untilItWorks(async () => {
    loads += 1;
    if (loads <= ATTEMPTS) throw Object.assign(new Error('/where/it/lies'), { code: 'MODULE_NOT_FOUND' });
    return { updateEntity: async () => ({ etag: 'e2' }) } as unknown as TableClient;
  });
  const caller = createCaller({
    ambient: systemAmbient,
    deadlineMilliseconds: 5_000,
    createTable: async () => {},
  });
  const table = createAzureTable(client, caller);
  expect(await table.merge(KEY, {}, 'e1')).toEqual({ outcome: 'unavailable', reason: 'MODULE_NOT_FOUND' });
  const updated = { outcome: 'updated', etag: 'e2' };
  expect(await Promise.all([table.merge(KEY, {}, 'e1'), table.merge(KEY, {}, 'e1')])).toEqual([updated, updated]);
  expect(loads).toBe(ATTEMPTS + 1);
});
