import { expect, it } from '@jest/globals';
import { accountKey } from '../../../shared/account/account-key.ts';
import type { Property, Table } from '../../../shared/store/table.ts';
import { created, found, newKey, updated } from './helpers.ts';

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

  it('holds keys of 512 characters each, and tells those apart that differ in the last', async () => {
    const { partitionKey } = newKey();
    const long = partitionKey.padEnd(511, 'x');
    const [key, other] = ['a', 'b'].map((end) => ({ partitionKey: long + end, rowKey: 'y'.repeat(511) + end }));
    if (key === undefined || other === undefined) throw new Error('there are two');
    const etag = await created(table(), key, { a: 'x' });
    expect(await found(table(), key)).toEqual({ ...key, etag, properties: { a: 'x' } });
    expect(await table().read(other)).toEqual({ outcome: 'gone' });
    expect(await table().read({ ...key, rowKey: other.rowKey })).toEqual({ outcome: 'gone' });
    expect(await table().list(other.partitionKey, 1)).toMatchObject({ entities: [] });
    expect(await table().remove(key, etag)).toEqual({ outcome: 'removed' });
  });

  it.each([
    'a2b1c3d4-0000-4000-8000-000000000001.72f988bf-86f1-41af-91ab-2d7cd011db47',
    'a2b1c3d4-0000-4000-8000-000000000001-b2c_1_signin.72f988bf-86f1-41af-91ab-2d7cd011db47',
    'auth0|507f1f77bcf86cd799439020',
    'waad|bL2eOyUIvEzpsCSpNwdG0rn8',
    'https://idp.example/users/7?tenant=a&x=%2F#me',
    'CN=Alice Example,OU=R\\D,O=Contoso',
    "o'neil@contoso.example",
    'größe/漢字/👩‍👩‍👧',
    '\ud800 ill-formed',
    '\u0000\u001f\u007f\u0085',
    '%00%2f..%5c',
    '../../..',
    ' ',
    '~sha256~',
    'x'.repeat(255),
    '/'.repeat(255),
    '漢'.repeat(2_000),
  ])('holds, lists and deletes the account of the home account id %j', async (homeAccountId) => {
    const key = { partitionKey: accountKey(homeAccountId, newKey().partitionKey), rowKey: 'account' };
    const neighbour = { ...key, partitionKey: accountKey(`${homeAccountId}x`, 'client-1') };
    const etag = await created(table(), key, { a: 'x' });
    const entity = { ...key, etag, properties: { a: 'x' } };
    expect(await found(table(), key)).toEqual(entity);
    expect(await table().read(neighbour)).toEqual({ outcome: 'gone' });
    expect(await table().list(key.partitionKey, 2)).toEqual({ outcome: 'listed', entities: [entity], complete: true });
    const changed = await updated(table().merge(key, {}, etag));
    expect(await table().remove(key, changed)).toEqual({ outcome: 'removed' });
    expect(await table().read(key)).toEqual({ outcome: 'gone' });
  });

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

  it.each([
    '',
    '1a',
    'a-b',
    'a.b',
    'a b',
    'a'.repeat(256),
    'PartitionKey',
    'RowKey',
    'Timestamp',
    'etag',
    '__proto__',
    'odata.x',
  ])('throws for the property name %j', async (name) => {
    const key = newKey();
    const etag = await created(table(), key);
    await expect(table().create(newKey(), { [name]: 'x' })).rejects.toThrow(RangeError);
    await expect(table().merge(key, { [name]: 'x' }, etag)).rejects.toThrow(RangeError);
    await expect(table().replace(key, { [name]: 'x' }, etag)).rejects.toThrow(RangeError);
    await expect(table().read(key, [name])).rejects.toThrow(RangeError);
  });

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
