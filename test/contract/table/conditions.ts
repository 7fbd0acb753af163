import { expect, it } from '@jest/globals';
import type { Table } from '../../../shared/store/table.ts';
import { created, found, newKey, updated } from './helpers.ts';

/** What each operation answers to an entity that is there, is not there, or has changed. */
export function conditionCases(table: () => Table): void {
  it('reads an entity that was never written as gone', async () => {
    expect(await table().read(newKey())).toEqual({ outcome: 'gone' });
  });

  it('gives the ETag of the write with the read', async () => {
    const key = newKey();
    const etag = await created(table(), key, { a: 'x' });
    expect(await found(table(), key)).toEqual({ ...key, etag, properties: { a: 'x' } });
  });

  it('refuses to create what exists, and leaves it as it was', async () => {
    const key = newKey();
    const etag = await created(table(), key, { a: 'first' });
    expect(await table().create(key, { a: 'second' })).toEqual({ outcome: 'exists' });
    expect(await found(table(), key)).toMatchObject({ etag, properties: { a: 'first' } });
  });

  it.each(['merge', 'replace'] as const)('never creates by %s', async (update) => {
    const [key, other] = [newKey(), newKey()];
    const etag = await created(table(), other);
    expect(await table()[update](key, { a: 'x' }, etag)).toEqual({ outcome: 'gone' });
    expect(await table().read(key)).toEqual({ outcome: 'gone' });
  });

  it.each(['merge', 'replace'] as const)('never brings back by %s what was removed', async (update) => {
    const key = newKey();
    const etag = await created(table(), key, { a: 'x' });
    expect(await table().remove(key, etag)).toEqual({ outcome: 'removed' });
    expect(await table()[update](key, { a: 'y' }, etag)).toEqual({ outcome: 'gone' });
    expect(await table().read(key)).toEqual({ outcome: 'gone' });
  });

  it.each(['merge', 'replace'] as const)('refuses a %s under a stale ETag', async (update) => {
    const key = newKey();
    const stale = await created(table(), key, { a: 'first' });
    const etag = await updated(table().merge(key, { a: 'second' }, stale));
    expect(await table()[update](key, { a: 'third' }, stale)).toEqual({ outcome: 'changed' });
    expect(await found(table(), key)).toMatchObject({ etag, properties: { a: 'second' } });
  });

  it('refuses to remove under a stale ETag', async () => {
    const key = newKey();
    const stale = await created(table(), key);
    const etag = await updated(table().merge(key, { a: 'x' }, stale));
    expect(await table().remove(key, stale)).toEqual({ outcome: 'changed' });
    expect((await found(table(), key)).etag).toBe(etag);
  });

  it('answers gone to the removal of what is not there', async () => {
    const key = newKey();
    const etag = await created(table(), key);
    expect(await table().remove(key, etag)).toEqual({ outcome: 'removed' });
    expect(await table().remove(key, etag)).toEqual({ outcome: 'gone' });
  });

  it.each(['merge', 'replace', 'remove'] as const)('refuses an ETag of a former life to %s', async (operation) => {
    const key = newKey();
    const former = await created(table(), key);
    await table().remove(key, former);
    const etag = await created(table(), key, { a: 'new' });
    const answer = operation === 'remove' ? table().remove(key, former) : table()[operation](key, { a: 'old' }, former);
    expect(await answer).toEqual({ outcome: 'changed' });
    expect(await found(table(), key)).toMatchObject({ etag, properties: { a: 'new' } });
  });

  it('changes the ETag at a merge of nothing, and nothing else', async () => {
    const key = newKey();
    const before = await created(table(), key, { a: 'x' });
    const after = await updated(table().merge(key, {}, before));
    expect(after).not.toBe(before);
    expect(await found(table(), key)).toMatchObject({ etag: after, properties: { a: 'x' } });
  });

  it('never gives an ETag twice, through updates, removal and creation anew', async () => {
    const key = newKey();
    const etags: string[] = [];
    for (let life = 0; life < 10; life += 1) {
      let etag = await created(table(), key, { a: 'x' });
      etags.push(etag);
      for (const update of ['merge', 'replace', 'merge'] as const) {
        etag = await updated(table()[update](key, { a: 'x' }, etag));
        etags.push(etag);
      }
      await table().remove(key, etag);
    }
    expect(new Set(etags).size).toBe(40);
  });

  it.each(['', '*'])('throws for a write under the ETag "%s", which would be unconditional', async (etag) => {
    const key = newKey();
    await created(table(), key);
    await expect(table().merge(key, {}, etag)).rejects.toThrow(RangeError);
    await expect(table().replace(key, {}, etag)).rejects.toThrow(RangeError);
    await expect(table().remove(key, etag)).rejects.toThrow(RangeError);
  });
}
