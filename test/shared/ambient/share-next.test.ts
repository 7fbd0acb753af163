import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createShareNext, WAIT_MILLISECONDS_MAX } from '../../../shared/ambient/share-next.ts';

/** Lets all that can go on do so. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Looks at a value, each look answered with what stood when it began, when the test has it so. */
function stage() {
  const looks: { readonly saw: number; readonly end: (error?: Error) => void }[] = [];
  const wakes: (() => void)[] = [];
  const waits: number[] = [];
  const state = { value: 0 };
  const share = createShareNext<number>({
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      return new Promise((resolve) => wakes.push(() => resolve()));
    },
  });
  const ask = (key = 'k'): Promise<number> =>
    share(key, () => {
      const saw = state.value;
      return new Promise((resolve, reject) => {
        looks.push({ saw, end: (error) => (error ? reject(error) : resolve(saw)) });
      });
    });
  return { looks, wakes, waits, state, ask };
}

describe('those who ask while a look is under way', () => {
  it('share the next one: ten at once are two looks', async () => {
    const { looks, state, ask } = stage();
    const asked = Array.from({ length: 10 }, () => ask());
    expect(looks).toHaveLength(1);
    state.value = 1;
    looks[0]?.end();
    await settled();
    expect(looks).toHaveLength(2);
    looks[1]?.end();
    expect(await Promise.all(asked)).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('are never given what was looked at before they asked', async () => {
    const { looks, state, ask } = stage();
    const early = ask();
    state.value = 1;
    const late = ask();
    looks[0]?.end();
    expect(await early).toBe(0);
    await settled();
    looks[1]?.end();
    expect(await late).toBe(1);
  });

  it('are not held up by its failure, nor fail with it', async () => {
    const { looks, ask } = stage();
    const [first, second] = [ask(), ask()];
    looks[0]?.end(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await settled();
    looks[1]?.end();
    expect(await second).toBe(0);
  });

  it('share the failure of the one that they wait for, and nothing after it', async () => {
    const { looks, ask } = stage();
    const [first, ...others] = [ask(), ask(), ask()];
    looks[0]?.end();
    await first;
    await settled();
    looks[1]?.end(new Error('away'));
    expect((await Promise.allSettled(others)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const after = ask();
    looks[2]?.end();
    expect(await after).toBe(0);
  });

  it('wait for one that hangs a quarter of a second and no longer', async () => {
    const { looks, wakes, waits, ask } = stage();
    ask();
    const asked = [ask(), ask()];
    expect(waits).toEqual([WAIT_MILLISECONDS_MAX]);
    wakes[0]?.();
    await settled();
    expect(looks).toHaveLength(2);
    looks[1]?.end();
    expect(await Promise.all(asked)).toEqual([0, 0]);
  });

  it('do not wait for those who ask for something else', () => {
    const { looks, ask } = stage();
    ask('a');
    ask('b');
    expect(looks).toHaveLength(2);
  });

  it('are answered by one look of their own each time, when nobody asks with them', async () => {
    const { looks, waits, ask } = stage();
    for (let times = 0; times < 3; times += 1) {
      const asked = ask();
      looks[times]?.end();
      await asked;
      await settled();
    }
    expect(looks).toHaveLength(3);
    expect(waits).toEqual([]);
  });

  it('see what stood when they asked or later, in any order of events, and all are answered', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('ask', 'ask', 'change', 'end', 'end-last', 'fail', 'wake', 'turn'), { maxLength: 40 }),
        async (events) => {
          const { looks, wakes, state, ask } = stage();
          const asked: Promise<{ readonly from: number; readonly saw: number }>[] = [];
          let ended = 0;
          for (const event of events) {
            if (event === 'ask') {
              const from = state.value;
              const never = Number.POSITIVE_INFINITY;
              asked.push(
                ask().then(
                  (saw) => ({ from, saw }),
                  () => ({ from, saw: never }),
                ),
              );
            }
            if (event === 'change') state.value += 1;
            if (event === 'end') looks[ended++]?.end();
            if (event === 'end-last') looks.at(-1)?.end();
            if (event === 'fail') looks.at(-1)?.end(new Error('away'));
            if (event === 'wake') wakes.shift()?.();
            if (event === 'turn') await settled();
          }
          for (let turns = 0; turns < asked.length + 1; turns += 1) {
            for (const { end } of looks) end();
            await settled();
          }
          for (const { from, saw } of await Promise.all(asked)) expect(saw).toBeGreaterThanOrEqual(from);
          expect(looks.length).toBeLessThanOrEqual(asked.length);
        },
      ),
      { numRuns: 200 },
    ));
});
