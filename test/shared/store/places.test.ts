import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Place, type SharedOut, shareOut } from '../../../shared/store/places.ts';
import { createMemoryTables, type MemoryTables } from '../../memory-table/memory-table.ts';

type Memory = Omit<Place, 'tables'> & { readonly tables: MemoryTables };
const memory = (name: string): Memory => ({ name, tables: createMemoryTables() });

const KEYS = Array.from({ length: 50 }, (_, at) => `${at}.contoso~client-1`);
const row = (partitionKey: string) => ({ partitionKey, rowKey: 'account' });

let one: Memory;
let two: Memory;
let three: Memory;
/** From two storage accounts to three, as the instances know it which write by the old list, and by the new one. */
let before: SharedOut;
let after: SharedOut;
beforeEach(() => {
  [one, two, three] = [memory('one'), memory('two'), memory('three')];
  before = shareOut({ written: [one, two], moving: [three, two, one] });
  after = shareOut({ written: [one, two, three], moving: [two, one] });
});

const staysAt = ({ places }: SharedOut) => KEYS.filter((key) => places.of(key).length === 1);
const moves = ({ places }: SharedOut) => KEYS.filter((key) => places.of(key).length === 2);

async function put({ places }: SharedOut, key: string, properties = {}): Promise<string> {
  const created = await places.of(key)[0].accounts.create(row(key), properties);
  if (created.outcome !== 'created') throw new Error(created.outcome);
  return created.etag;
}

describe('storage accounts that share keys out', () => {
  it('have each key at one of them, and at a second only if it moves', () => {
    expect(moves(before)).toEqual(moves(after));
    expect(moves(before).length).toBeGreaterThan(5);
    expect(staysAt(before).length).toBeGreaterThan(20);
    expect(shareOut({ written: [one, two], moving: [] }).places.of(KEYS[0] ?? '').length).toBe(1);
  });

  it('each see what the others write, whichever list they write by', async () => {
    const [key = ''] = moves(before);
    await put(before, key, { s_1: 'from before' });
    await put(after, key, { s_2: 'from after' });
    expect(three.tables.rows('accounts')).toMatchObject([{ properties: { s_2: 'from after' } }]);
    for (const { tables, places } of [before, after]) {
      expect(await tables.accounts.read(row(key), ['s_1'])).toMatchObject({
        entity: { properties: { s_1: 'from before' } },
      });
      expect(await tables.accounts.read(row(key), ['s_2'])).toMatchObject({
        entity: { properties: { s_2: 'from after' } },
      });
      const seen = await Promise.all(places.of(key).map(({ accounts }) => accounts.read(row(key))));
      expect(seen.map(({ outcome }) => outcome)).toEqual(['found', 'found']);
    }
  });

  it('are in one order for all who create a row of which there must be one', async () => {
    for (const key of moves(before)) {
      await before.places.inOrder(key)[0].expiries.create(row(key), {});
      expect(await after.places.inOrder(key)[0].expiries.create(row(key), {})).toEqual({ outcome: 'exists' });
    }
  });

  it('are all swept, each once', () => {
    expect([before.places.all.length, after.places.all.length]).toEqual([3, 3]);
  });
});

describe('a write under an ETag', () => {
  it('goes where that was read', async () => {
    const [key = ''] = moves(before);
    const old = await put(before, key, { s_1: 'x' });
    await put(after, key, { s_2: 'y' });
    expect(await after.tables.accounts.merge(row(key), { l_1: 'lease' }, old)).toMatchObject({ outcome: 'updated' });
    expect(three.tables.rows('accounts')).toMatchObject([{ properties: { s_2: 'y' } }]);
    const read = await after.tables.accounts.read(row(key), ['s_1', 'l_1']);
    expect(read).toMatchObject({ entity: { properties: { s_1: 'x', l_1: 'lease' } } });
    expect(await after.tables.accounts.remove(row(key), old)).toEqual({ outcome: 'changed' });
    const { etag = '' } = read.outcome === 'found' ? read.entity : {};
    expect(await after.tables.accounts.replace(row(key), {}, etag)).toMatchObject({ outcome: 'updated' });
  });

  it('can go nowhere else: that is refused as the bug that it would be', async () => {
    const [key = ''] = moves(before);
    const old = await put(before, key);
    const [home] = after.places.of(key);
    await expect(home.accounts.merge(row(key), {}, old)).rejects.toThrow(RangeError);
    expect(() => home.accounts.remove(row(key), old)).toThrow(RangeError);
    expect(() => after.tables.accounts.merge(row(key), {}, 'W/"plain"')).toThrow(RangeError);
  });

  it('is all that may be asked without a place, and a look for one property', () => {
    const key = row(KEYS[0] ?? '');
    expect(() => after.tables.accounts.create(key, {})).toThrow(/names no place/);
    expect(() => after.tables.sids.list('p', 1)).toThrow(/names no place/);
    expect(() => after.tables.accounts.read(key)).toThrow(/names no place/);
  });
});

describe('with one storage account away', () => {
  const LOST = { outcome: 'unavailable', reason: 'test-outage' } as const;

  it('all others go on, and so does whoever stands at another place than the one that is away', async () => {
    three.tables.before = () => LOST;
    for (const key of KEYS) await put(before, key, { s_1: 'x' });
    for (const key of KEYS) {
      expect(await after.tables.accounts.read(row(key), ['s_1'])).toMatchObject({ outcome: 'found' });
    }
  });

  it('nobody who is not found elsewhere is taken for signed out', async () => {
    three.tables.before = () => LOST;
    for (const key of moves(after)) {
      expect(await after.tables.accounts.read(row(key), ['s_1'])).toEqual(LOST);
      await put(before, key, { s_2: 'another session' });
      expect(await after.tables.accounts.read(row(key), ['s_1'])).toEqual(LOST);
      expect(await before.tables.accounts.read(row(key), ['s_1'])).toEqual(LOST);
    }
  });
});
