import { expect, it } from '@jest/globals';
import type { Property, Table } from '../../../shared/store/table.ts';
import { created, found, newKey } from './helpers.ts';

/** Which keys and names are held, and which are bugs. */
export function keyCases(table: () => Table): void {
  it.each(["it's", "''", '100%', '%2F', 'a b', 'a+b', 'a&b=c', '~', 'a@b.c', '(1)', '$', 'ü漢👋', 'x'.repeat(470)])(
    'keeps apart and lists what has the key %s',
    async (part) => {
      const { partitionKey } = newKey();
      const key = { partitionKey: `${partitionKey}${part}`, rowKey: part };
      const etag = await created(table(), key, { a: part });
      const entity = { ...key, etag, properties: { a: part } };
      expect(await table().read(key)).toEqual({ outcome: 'found', entity });
      expect(await table().list(key.partitionKey, 10)).toEqual({
        outcome: 'listed',
        entities: [entity],
        complete: true,
      });
      expect(await table().read({ ...key, rowKey: 'x' })).toEqual({ outcome: 'gone' });
      expect(await table().remove(key, etag)).toEqual({ outcome: 'removed' });
    },
  );

  it('tells keys apart by case', async () => {
    const key = newKey();
    await created(table(), key);
    expect(await table().read({ ...key, rowKey: 'Account' })).toEqual({ outcome: 'gone' });
  });

  it.each(['', 'a/b', 'a\\b', 'a#b', 'a?b', 'a\u0000', 'a\u001f', 'a\u007f', 'a\u009f', 'x'.repeat(513), '\ud800'])(
    'throws for the key %j, and does not repeat it',
    async (part) => {
      const key = { ...newKey(), rowKey: part };
      const other = { ...newKey(), partitionKey: part };
      for (const answer of [
        table().read(key),
        table().read(other),
        table().create(key, {}),
        table().merge(key, {}, 'W/"1"'),
        table().replace(key, {}, 'W/"1"'),
        table().remove(key, 'W/"1"'),
        table().list(part, 10),
      ]) {
        await expect(answer).rejects.toThrow(new RangeError('a key that Table Storage cannot hold'));
      }
    },
  );

  it.each(['', '1a', 'a-b', 'a.b', 'a b', 'a'.repeat(256), 'PartitionKey', 'RowKey', 'Timestamp', 'etag', 'odata.x'])(
    'throws for the property name %j',
    async (name) => {
      const key = newKey();
      const etag = await created(table(), key);
      await expect(table().create(newKey(), { [name]: 'x' })).rejects.toThrow(RangeError);
      await expect(table().merge(key, { [name]: 'x' }, etag)).rejects.toThrow(RangeError);
      await expect(table().replace(key, { [name]: 'x' }, etag)).rejects.toThrow(RangeError);
      await expect(table().read(key, [name])).rejects.toThrow(RangeError);
    },
  );

  it.each([
    ['a fraction', 0.5],
    ['more than 32 bits', 2 ** 31],
    ['not a number', Number.NaN],
    ['an invalid date', new Date(Number.NaN)],
    ['a date before 1601', new Date('1600-12-31')],
    ['half a character', '\ud83d'],
  ] satisfies [string, Property][])('throws for a value that is %s', async (_, value) => {
    await expect(table().create(newKey(), { value })).rejects.toThrow(RangeError);
  });

  it('holds a property name of 255 characters', async () => {
    const key = newKey();
    await created(table(), key, { ['a'.repeat(255)]: 1 });
    expect((await found(table(), key)).properties).toEqual({ ['a'.repeat(255)]: 1 });
  });
}
