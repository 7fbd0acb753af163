import { expect, it } from '@jest/globals';
import type { TablesUnderTest } from '../table.contract.ts';
import { created, found, manyProperties, newKey, updated } from './helpers.ts';

const KIB = 1024;

/** The service's limits: what just fits is kept, and one more is too large, whichever write it is. */
export function sizeCases(underTest: () => TablesUnderTest): void {
  const table = () => underTest().tables.accounts;

  it.each([
    ['252 properties', () => manyProperties(252, 'x')],
    ['a string of 32 Ki characters', () => ({ a: 'x'.repeat(32 * KIB) })],
    ['780 kB of binary', () => manyProperties(13, new Uint8Array(60_000))],
  ])('holds %s', async (_, properties) => {
    const key = newKey();
    await created(table(), key, properties());
    const { properties: stored } = await found(table(), key);
    expect(Object.keys(stored).length).toBe(Object.keys(properties()).length);
  });

  it.each(['merge', 'replace'] as const)(
    'takes 780 kB of binary in one %s, which is 1 MiB in base64',
    async (update) => {
      const key = newKey();
      const etag = await created(table(), key, { a: 'x' });
      await updated(table()[update](key, manyProperties(13, new Uint8Array(60_000)), etag));
      const { properties } = await found(table(), key);
      const binary = Object.values(properties).filter((value) => value instanceof Uint8Array);
      expect(binary.reduce((sum, value) => sum + value.length, 0)).toBe(780_000);
    },
  );

  it('holds more than one request carries, which only merges can make of it', async () => {
    const key = newKey();
    const etag = await created(table(), key, manyProperties(8, new Uint8Array(60_000)));
    const full = await updated(table().merge(key, manyProperties(8, new Uint8Array(60_000), 'q'), etag));
    const { properties } = await found(table(), key);
    expect(Object.keys(properties).length).toBe(16);
    expect(await table().replace(key, properties, full)).toEqual({ outcome: 'too-large' });
    expect((await found(table(), key)).etag).toBe(full);
    await updated(table().merge(key, { p0: new Uint8Array(60_000) }, full));
  });

  const tooLarge = [
    ['253 properties', () => manyProperties(253, 'x')],
    ['binary of more than 64 KiB', () => ({ a: new Uint8Array(64 * KIB + 1) })],
    ['a string of more than 32 Ki characters', () => ({ a: 'x'.repeat(32 * KIB + 1) })],
    ['an entity of more than 1 MiB of binary', () => manyProperties(17, new Uint8Array(64 * KIB))],
    ['an entity of more than 1 MiB of text', () => manyProperties(17, 'x'.repeat(32 * KIB))],
  ] as const;

  it.each(tooLarge)('refuses to create %s', async (_, properties) => {
    const key = newKey();
    expect(await table().create(key, properties())).toEqual({ outcome: 'too-large' });
    expect(await table().read(key)).toEqual({ outcome: 'gone' });
  });

  it.each(tooLarge)('refuses to update to %s, and leaves the entity as it was', async (_, properties) => {
    const key = newKey();
    const etag = await created(table(), key, { a: 'x' });
    expect(await table().merge(key, properties(), etag)).toEqual({ outcome: 'too-large' });
    expect(await table().replace(key, properties(), etag)).toEqual({ outcome: 'too-large' });
    expect(await found(table(), key)).toEqual({ ...key, etag, properties: { a: 'x' } });
  });

  it('refuses an update of 800 kB, whose request is more than 1 MiB in base64', async () => {
    const key = newKey();
    const etag = await created(table(), key);
    const properties = manyProperties(16, new Uint8Array(50_000));
    expect(await table().merge(key, properties, etag)).toEqual({ outcome: 'too-large' });
    expect(await table().replace(key, properties, etag)).toEqual({ outcome: 'too-large' });
    const answer = await table().create(newKey(), properties);
    expect(answer.outcome).toBe(underTest().strict ? 'too-large' : 'created');
  });

  it.each([
    ['253 properties', () => manyProperties(252, 'x'), () => manyProperties(1, 'x', 'q')],
    [
      'more than 1 MiB',
      () => manyProperties(12, new Uint8Array(60_000)),
      () => manyProperties(6, new Uint8Array(60_000), 'q'),
    ],
  ])('refuses a merge that makes an entity of %s, where the whole is weighed', async (_, first, second) => {
    const key = newKey();
    const etag = await created(table(), key, first());
    const answer = await table().merge(key, second(), etag);
    expect(answer.outcome).toBe(underTest().strict ? 'too-large' : 'updated');
  });

  it('lets a replace shrink an entity and a merge grow it again', async () => {
    const key = newKey();
    const etag = await created(table(), key, manyProperties(12, new Uint8Array(60_000)));
    const smaller = await updated(table().replace(key, { a: 'x' }, etag));
    await updated(table().merge(key, manyProperties(12, new Uint8Array(60_000)), smaller));
    expect(Object.keys((await found(table(), key)).properties).length).toBe(13);
  });
}
