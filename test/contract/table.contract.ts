import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Tables } from '../../shared/store/table.ts';
import { conditionCases } from './table/conditions.ts';
import { keyCases } from './table/keys.ts';
import { listCases } from './table/list.ts';
import { partitionKeysCases } from './table/partition-keys.ts';
import { raceCases } from './table/races.ts';
import { sizeCases } from './table/sizes.ts';
import { valueCases } from './table/values.ts';

/** An implementation of the port under test. */
export interface TablesUnderTest {
  readonly tables: Tables;
  /**
   * Whether it refuses all that the service or Azurite refuses. The service weighs the whole entity that a Merge makes;
   * Azurite weighs the request alone, but that with binary as base64, and not at a create.
   */
  readonly strict: boolean;
  close(): Promise<void>;
}

/** What every implementation of the port keeps to: the same cases for the service's emulator and for the one in memory. */
export function tableContract(name: string, makeTables: () => Promise<TablesUnderTest>): void {
  describe(name, () => {
    let made: TablesUnderTest | undefined;
    const underTest = (): TablesUnderTest => {
      if (made === undefined) throw new Error('the tables did not open');
      return made;
    };

    beforeAll(async () => {
      made = await makeTables();
    }, 30_000);
    afterAll(() => made?.close());

    describe('conditions', () => conditionCases(() => underTest().tables.accounts));
    describe('values', () => valueCases(() => underTest().tables.accounts));
    describe('sizes', () => sizeCases(underTest));
    describe('keys and names', () => keyCases(() => underTest().tables.accounts));
    describe('lists', () => listCases(() => underTest().tables));
    describe('looks through partitions', () => partitionKeysCases(() => underTest().tables));
    describe('races', () => raceCases(() => underTest().tables.accounts));
  });
}
