import { describe, expect, it } from '@jest/globals';
import { figures, GROWTH_MEBIBYTES_MAX } from '../streams/figures.ts';
import { canMeasure } from '../streams/memory.ts';

/** A quarter of what `npm run streams` sends, and four times what a host may grow by. */
const MEBIBYTES = 256;
const PATIENCE_MILLISECONDS = 240_000;

(canMeasure ? describe : describe.skip)('a host through which bodies of 256 MiB go', () => {
  it(
    'grows by no more than 64 MiB, whether they are taken or not',
    async () => {
      const grown: Record<string, number> = {};
      for await (const { title, grownMebibytes } of figures(MEBIBYTES)) grown[title] = Math.round(grownMebibytes);
      const over = Object.entries(grown).filter(([, mebibytes]) => mebibytes > GROWTH_MEBIBYTES_MAX);
      expect(Object.keys(grown)).toHaveLength(4);
      expect(over).toEqual([]);
    },
    PATIENCE_MILLISECONDS,
  );
});
