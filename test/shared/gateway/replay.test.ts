import { describe, expect, it } from '@jest/globals';
import { keepBody } from '../../../shared/gateway/replay.ts';

const KEPT_BYTES_MAX = 64 * 1024;

/** A body whose pieces come when they are asked for. */
function source(...sizes: readonly number[]) {
  const seen = { pulls: 0, returned: 0 };
  let fails = false;
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      seen.pulls += 1;
      if (fails) throw new Error('broke off');
      const size = sizes[seen.pulls - 1];
      return size === undefined ? { done: true, value: undefined } : { done: false, value: new Uint8Array(size) };
    },
    async return() {
      seen.returned += 1;
      return { done: true, value: undefined };
    },
  };
  return {
    seen,
    body: { [Symbol.asyncIterator]: () => iterator },
    breakOff() {
      fails = true;
    },
  };
}

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const piece of body) bytes += piece.byteLength;
  return bytes;
}

describe('a body that is kept', () => {
  it('is read as it comes, a piece at a time', async () => {
    const { body, seen } = source(1, 2);
    const iterator = keepBody(body).read()[Symbol.asyncIterator]();
    expect(seen.pulls).toBe(0);
    await iterator.next();
    expect(seen.pulls).toBe(1);
  });

  it('can be had again, from the beginning and to the end, however much of it was read', async () => {
    for (let read = 0; read <= 4; read += 1) {
      const kept = keepBody(source(1, 2, 3).body);
      const iterator = kept.read()[Symbol.asyncIterator]();
      for (let pieces = 0; pieces < read; pieces += 1) await iterator.next();
      await iterator.return?.();
      expect([await bytesOf(kept.read()), await bytesOf(kept.read())]).toEqual([6, 6]);
    }
  });

  it('can be had again where whoever read it left in the middle of a piece', async () => {
    const kept = keepBody(source(1, 2, 3).body);
    const pending = kept.read()[Symbol.asyncIterator]().next();
    expect(await bytesOf(kept.read())).toBe(6);
    expect((await pending).value).toHaveLength(1);
  });

  it.each([
    [[KEPT_BYTES_MAX], true],
    [[KEPT_BYTES_MAX - 1, 1], true],
    [[KEPT_BYTES_MAX, 1], false],
    [[KEPT_BYTES_MAX + 1], false],
  ])('is kept up to 64 KiB: %j', async (sizes, whole) => {
    const kept = keepBody(source(...sizes).body);
    expect(await bytesOf(kept.read())).toBe(sizes.reduce((sum, size) => sum + size));
    expect(kept.isWhole()).toBe(whole);
  });

  it('that broke off is not taken for all of it', async () => {
    const { body, breakOff } = source(1, 2);
    const kept = keepBody(body);
    const iterator = kept.read()[Symbol.asyncIterator]();
    await iterator.next();
    breakOff();
    await expect(iterator.next()).rejects.toThrow('broke off');
    expect(kept.isWhole()).toBe(false);
  });

  describe('and read again', () => {
    /** One whose second piece comes, or fails, when the test says so, while the first reader has left waiting for it. */
    async function readAgain() {
      const second = Promise.withResolvers<Uint8Array>();
      async function* body() {
        yield new Uint8Array(1);
        yield await second.promise;
        yield new Uint8Array(3);
      }
      const kept = keepBody(body());
      const first = kept.read()[Symbol.asyncIterator]();
      await first.next();
      const pending = Promise.allSettled([first.next()]);
      await first.return?.();
      expect(kept.isWhole()).toBe(true);
      return { second, pending, again: kept.read()[Symbol.asyncIterator](), kept };
    }

    it('lacks nothing where more comes than is kept before its first piece is read', async () => {
      const { second, pending, again, kept } = await readAgain();
      second.resolve(new Uint8Array(KEPT_BYTES_MAX));
      await pending;
      const sizes: number[] = [];
      for (let step = await again.next(); !step.done; step = await again.next()) sizes.push(step.value.byteLength);
      expect([sizes, kept.isWhole()]).toEqual([[1, KEPT_BYTES_MAX, 3], false]);
    });

    it('is not taken for all of it where it broke off for the reader before', async () => {
      const { second, pending, again, kept } = await readAgain();
      second.reject(new Error('broke off'));
      await pending;
      expect((await again.next()).value).toHaveLength(1);
      await expect(again.next()).rejects.toThrow('broke off');
      await expect(again.next()).rejects.toThrow('broke off');
      expect(kept.isWhole()).toBe(false);
    });
  });

  it('is not let go of while it may be asked for again, and is when it may not', async () => {
    const { body, seen } = source(1, 2);
    const kept = keepBody(body);
    const iterator = kept.read()[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return?.();
    expect(seen.returned).toBe(0);
    kept.release();
    expect(seen.returned).toBe(1);
  });

  it('that is let go of while it is read is read on, until whoever reads it leaves', async () => {
    const { body, seen } = source(1, 2);
    const kept = keepBody(body);
    const iterator = kept.read()[Symbol.asyncIterator]();
    await iterator.next();
    kept.release();
    expect([(await iterator.next()).value?.byteLength, seen.returned]).toEqual([2, 0]);
    await iterator.return?.();
    expect(seen.returned).toBe(1);
  });

  it.each([
    ['that is kept', [1, 2, 3]],
    ['that was too long', [1, KEPT_BYTES_MAX, 3]],
  ])('%s is read on by the second reader, though the first leaves only then', async (_what, sizes) => {
    const { body, seen } = source(...sizes);
    const kept = keepBody(body);
    const first = kept.read()[Symbol.asyncIterator]();
    await first.next();
    const second = kept.read()[Symbol.asyncIterator]();
    for (const size of sizes.slice(0, 2)) expect((await second.next()).value).toHaveLength(size);
    await first.return?.();
    kept.release();
    expect(seen.returned).toBe(0);
    expect((await second.next()).value).toHaveLength(3);
    await second.return?.();
    expect(seen.returned).toBe(1);
  });

  it('that was too long is let go of at once', async () => {
    const { body, seen } = source(KEPT_BYTES_MAX + 1, 1);
    const iterator = keepBody(body).read()[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return?.();
    expect(seen.returned).toBe(1);
  });
});
