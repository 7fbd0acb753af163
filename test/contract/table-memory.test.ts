import { createMemoryTables } from '../memory-table/memory-table.ts';
import { tableContract } from './table.contract.ts';

tableContract('tables in memory', async () => ({
  tables: createMemoryTables(),
  strict: true,
  close: async () => {},
}));
