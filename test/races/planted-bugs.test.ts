import { afterAll, describe, expect, it } from '@jest/globals';
import { exploreAll, exploreAtRandom, replay } from './explore.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';

const ORDERS_MAX = 5_000;
const SEED = 1;

const caught: string[] = [];
afterAll(() => {
  if (process.env.RACES_REPORT !== undefined) process.stdout.write(`${caught.join('\n')}\n`);
});

describe('a planted bug is caught', () => {
  it.each(PLANTED_BUGS)(
    '$bug',
    async ({ bug, scenario, byLot }) => {
      const { orders, violation } = byLot
        ? await exploreAtRandom(scenario, ORDERS_MAX, SEED)
        : await exploreAll(scenario, ORDERS_MAX);
      expect(violation).not.toBeNull();
      caught.push(`${orders}\t${bug}\t${violation?.what}`);
      // The seed alone brings it back.
      const again = await replay(scenario, violation?.seed ?? '');
      expect([again.violation, again.story]).toEqual([violation?.what, violation?.story]);
    },
    60_000,
  );
});
