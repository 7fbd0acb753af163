import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Properties, Table } from '../../../shared/store/table.ts';
import { anyProperties } from '../../fuzz/support/arbitraries.ts';
import { created, found, newKey, updated } from './helpers.ts';

/** What comes back of what was stored. */
export function valueCases(table: () => Table): void {
  it('keeps the other properties at a merge', async () => {
    const key = newKey();
    const etag = await created(table(), key, { a: 'x', b: 'y' });
    await updated(table().merge(key, { b: 'z', c: true }, etag));
    expect((await found(table(), key)).properties).toEqual({ a: 'x', b: 'z', c: true });
  });

  it('drops the other properties at a replace', async () => {
    const key = newKey();
    const etag = await created(table(), key, { a: 'x', b: 'y' });
    await updated(table().replace(key, { b: 'z' }, etag));
    expect((await found(table(), key)).properties).toEqual({ b: 'z' });
  });

  it('selects what is asked for and there, with the ETag', async () => {
    const key = newKey();
    const etag = await created(table(), key, { a: 'x', b: 'y' });
    expect(await found(table(), key, ['b', 'c'])).toEqual({ ...key, etag, properties: { b: 'y' } });
  });

  it('selects nothing but the ETag where nothing is asked for', async () => {
    const key = newKey();
    const etag = await created(table(), key, { a: 'x' });
    expect(await found(table(), key, [])).toEqual({ ...key, etag, properties: {} });
  });

  it('finds an entity that has none of the selected properties', async () => {
    const key = newKey();
    const etag = await created(table(), key);
    expect(await found(table(), key, ['s_1'])).toEqual({ ...key, etag, properties: {} });
  });

  it.each([
    ['no byte', 0],
    ['one byte', 1],
    ['64 KiB', 64 * 1024],
  ])('keeps binary of %s', async (_, length) => {
    const key = newKey();
    const binary = Uint8Array.from({ length }, (_, index) => index % 256);
    await created(table(), key, { binary });
    const { properties } = await found(table(), key);
    expect(properties.binary).toBeInstanceOf(Uint8Array);
    expect(Buffer.from(properties.binary as Uint8Array).equals(binary)).toBe(true);
  });

  it.each(['create', 'merge', 'replace'] as const)(
    'stores by %s the bytes of a view, and none of the memory around it',
    async (write) => {
      const [key, other] = [newKey(), newKey()];
      const memory = Uint8Array.from({ length: 64 }, (_, index) => index);
      const properties = { s_1: memory.subarray(8, 12), s_2: memory.subarray(12, 12), s_3: Buffer.from('pooled') };
      if (write === 'create') await created(table(), key, properties);
      else await updated(table()[write](key, properties, await created(table(), key)));
      await created(table(), other);
      const { s_1, s_2, s_3 } = (await found(table(), key)).properties;
      expect([[...(s_1 as Uint8Array)], [...(s_2 as Uint8Array)]]).toEqual([[8, 9, 10, 11], []]);
      expect(Buffer.from(s_3 as Uint8Array).toString()).toBe('pooled');
    },
  );

  it('gives what is selected with its type: bytes as bytes, a date as a date', async () => {
    const key = newKey();
    await created(table(), key, { s_1: new Uint8Array([1, 2]), expiresOn: new Date(1000), c_1: new Uint8Array(9) });
    const { properties } = await found(table(), key, ['s_1', 'expiresOn']);
    expect(Object.keys(properties).sort()).toEqual(['expiresOn', 's_1']);
    expect(properties.s_1).toBeInstanceOf(Uint8Array);
    expect([...(properties.s_1 as Uint8Array)]).toEqual([1, 2]);
    expect(properties.expiresOn).toEqual(new Date(1000));
  });

  it('gives the types of a list as those of a read', async () => {
    const key = newKey();
    const properties = { a: new Uint8Array([1, 2]), b: new Date(1000), c: 7, d: true, e: '2026-11-21T09:30:15.007Z' };
    await created(table(), key, properties);
    const listed = await table().list(key.partitionKey, 1);
    const [entity] = listed.outcome === 'listed' ? listed.entities : [];
    expect(entity).toEqual(await found(table(), key));
    expect(entity?.properties.b).toBeInstanceOf(Date);
    expect(entity?.properties.a).toBeInstanceOf(Uint8Array);
  });

  it('keeps whatever a property may hold, as it is', () =>
    fc.assert(
      fc.asyncProperty(anyProperties('s_1', 'expiresOn'), async (properties) => {
        const key = newKey();
        const etag = await created(table(), key, properties);
        expect(comparable((await found(table(), key)).properties)).toEqual(comparable(properties));
        await updated(table().replace(key, properties, etag));
        expect(comparable((await found(table(), key)).properties)).toEqual(comparable(properties));
      }),
      { numRuns: 40 },
    ));

  // Bytes that were read lie among others in shared memory; none of those may be written with them.
  it.each(['merge', 'replace'] as const)('keeps binary that was read and is written back by %s', async (write) => {
    const key = newKey();
    const [s_1, s_2] = [Uint8Array.from([1, 2, 3]), Uint8Array.from([4, 5, 6, 7])];
    await created(table(), key, { s_1, s_2 });
    const read = await found(table(), key);
    await updated(table()[write](key, read.properties, read.etag));
    const { properties } = await found(table(), key);
    expect([...(properties.s_1 as Uint8Array)]).toEqual([...s_1]);
    expect([...(properties.s_2 as Uint8Array)]).toEqual([...s_2]);
  });

  it.each([
    '1970-01-01T00:00:00.000Z',
    '2026-11-21T09:30:15.007Z',
    '2026-11-21T09:30:15.990Z',
    '9999-12-31T23:59:59.999Z',
  ])('keeps the date %s to the millisecond', async (iso) => {
    const key = newKey();
    await created(table(), key, { expiresOn: new Date(iso) });
    const { expiresOn } = (await found(table(), key)).properties;
    expect(expiresOn).toBeInstanceOf(Date);
    expect((expiresOn as Date).toISOString()).toBe(iso);
  });

  it.each([
    '',
    ' ',
    'null',
    '2026-11-21T09:30:15.007Z',
    '{"a":1}',
    "it's",
    '"',
    '\\',
    'a\u0000b',
    'line\r\nline\t',
    '\u2028',
    'ü 漢 👩‍👩‍👧',
    '\ufeff',
  ])('keeps the string %j', async (text) => {
    const key = newKey();
    await created(table(), key, { text });
    expect((await found(table(), key)).properties).toEqual({ text });
  });

  it.each([0, 1, -1, 2 ** 31 - 1, -(2 ** 31)])('keeps the number %d', async (count) => {
    const key = newKey();
    await created(table(), key, { count });
    expect((await found(table(), key)).properties).toEqual({ count });
  });

  it.each([true, false])('keeps %s', async (flag) => {
    const key = newKey();
    await created(table(), key, { flag });
    expect((await found(table(), key)).properties).toEqual({ flag });
  });

  it('lets a merge change the type of a property', async () => {
    const key = newKey();
    const etag = await created(table(), key, { a: new Uint8Array([1]), b: new Date(0) });
    await updated(table().merge(key, { a: 'text', b: 1 }, etag));
    expect((await found(table(), key)).properties).toEqual({ a: 'text', b: 1 });
  });

  it('stores a copy, and gives copies', async () => {
    const key = newKey();
    const binary = new Uint8Array([1, 2, 3]);
    const date = new Date(1000);
    await created(table(), key, { binary, date });
    binary[0] = 9;
    date.setTime(0);
    const first = await found(table(), key);
    (first.properties.binary as Uint8Array)[1] = 9;
    const second = await found(table(), key);
    expect([...(second.properties.binary as Uint8Array)]).toEqual([1, 2, 3]);
    expect((second.properties.date as Date).getTime()).toBe(1000);
  });
}

/** Bytes are the same whichever view shows them. */
const comparable = (properties: Properties): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, value instanceof Uint8Array ? [...value] : value]),
  );
