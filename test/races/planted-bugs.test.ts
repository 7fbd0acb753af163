import { describe, expect, it } from '@jest/globals';
import { exploreAll, exploreAtRandom, replay } from './explore.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';

const ORDERS_MAX = 5_000;
const SEED = 1;

describe('a planted bug is caught', () => {
  it.each(PLANTED_BUGS)(
    '$bug',
    async ({ scenario, byLot }) => {
      const { violation } = byLot
        ? await exploreAtRandom(scenario, ORDERS_MAX, SEED)
        : await exploreAll(scenario, ORDERS_MAX);
      expect(violation).not.toBeNull();
      // The seed alone brings it back.
      const again = await replay(scenario, violation?.seed ?? '');
      expect([again.violation, again.story]).toEqual([violation?.what, violation?.story]);
    },
    60_000,
  );
});
