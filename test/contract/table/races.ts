import { expect, it } from '@jest/globals';
import type { Table } from '../../../shared/store/table.ts';
import { created, found, newKey } from './helpers.ts';

const RIVALS = 10;
const rivals = Array.from({ length: RIVALS }, (_, index) => index);
const outcomes = (answers: readonly { readonly outcome: string }[]): string[] =>
  answers.map(({ outcome }) => outcome).sort();
const losers = (outcome: string): string[] => Array.from({ length: RIVALS - 1 }, () => outcome);

/** Of those who do the same at the same time, exactly one wins. */
export function raceCases(table: () => Table): void {
  it('lets one of many creations win', async () => {
    const key = newKey();
    const answers = await Promise.all(rivals.map((rival) => table().create(key, { rival })));
    expect(outcomes(answers)).toEqual(['created', ...losers('exists')]);
    expect((await found(table(), key)).properties.rival).toBe(
      answers.findIndex(({ outcome }) => outcome === 'created'),
    );
  });

  it.each(['merge', 'replace'] as const)('lets one of many a %s under the same ETag win', async (update) => {
    const key = newKey();
    const etag = await created(table(), key);
    const answers = await Promise.all(rivals.map((rival) => table()[update](key, { rival }, etag)));
    expect(outcomes(answers)).toEqual([...losers('changed'), 'updated']);
    expect((await found(table(), key)).properties.rival).toBe(
      answers.findIndex(({ outcome }) => outcome === 'updated'),
    );
  });

  it('lets one of many removals win', async () => {
    const key = newKey();
    const etag = await created(table(), key);
    const answers = await Promise.all(rivals.map(() => table().remove(key, etag)));
    expect(outcomes(answers)).toEqual([...losers('gone'), 'removed']);
  });

  it('lets a removal or an update under the same ETag win, never both', async () => {
    for (const _ of rivals) {
      const key = newKey();
      const etag = await created(table(), key);
      const [removal, update] = await Promise.all([table().remove(key, etag), table().merge(key, { a: 'x' }, etag)]);
      const { outcome } = await table().read(key);
      expect([removal.outcome, update.outcome, outcome]).toEqual(
        removal.outcome === 'removed' ? ['removed', 'gone', 'gone'] : ['changed', 'updated', 'found'],
      );
    }
  });
}
