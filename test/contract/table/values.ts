import { expect, it } from '@jest/globals';
import type { Table } from '../../../shared/store/table.ts';
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
