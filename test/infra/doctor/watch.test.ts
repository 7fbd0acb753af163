import { describe, expect, it } from '@jest/globals';
import type { Diagnosis, Judged } from '../../../infra/doctor/examine.ts';
import type { Verdict } from '../../../infra/doctor/finding.ts';
import { exitCodeOf } from '../../../infra/doctor/tell.ts';
import { watch } from '../../../infra/doctor/watch.ts';
import { NOW, ORIGIN } from './support/healthy.ts';

const one = (id: string, verdict: Verdict, says: string, detail?: string): Judged => ({
  check: { id, doc: 'docs/doctor.md' },
  verdict,
  says,
  ...(detail !== undefined && { detail }),
});
const found = (...judged: Judged[]): Diagnosis => ({ outcome: 'asked', at: NOW, judged });
const lost = (reason: string): Diagnosis => ({ outcome: 'cannot-be-asked', at: NOW, reason });
const GOOD = found(one('ready', 'ok', 'Fine.'), one('certificate', 'ok', 'Good.', '60 days left'));

/** Has each look find one thing after the other, and ends when there is nothing left. */
async function watching(looks: readonly Diagnosis[], json = false) {
  const lines: string[] = [];
  let taken = 0;
  const last = await watch({
    origin: ORIGIN,
    json,
    look: async () => looks[taken++] as Diagnosis,
    pause: async () => undefined,
    isOver: () => taken >= looks.length + 1,
    print: (line) => lines.push(line),
  });
  return { lines, last };
}

/** `isOver` is asked after the last look too: one more that is never told. */
const ending = (...looks: readonly Diagnosis[]) => [...looks];

describe('the watching doctor', () => {
  it('tells all of the first look, and nothing while nothing changes but days', async () => {
    const later = found(one('ready', 'ok', 'Fine.'), one('certificate', 'ok', 'Good.', '59 days left'));
    const { lines } = await watching(ending(GOOD, later, later));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('60 days left');
    expect(lines[0]).toContain('0 WRONG, 0 warn, 0 unknown, 2 ok');
  });

  it('tells what has changed, and that alone', async () => {
    const { lines, last } = await watching(
      ending(GOOD, found(one('ready', 'wrong', 'Storage.'), one('certificate', 'ok', 'Good.', '59 days left'))),
    );
    expect(lines[1]).toMatch(/^2026-11-29T12:00:00Z Changed:\nWRONG +ready +Storage\.\n +docs/);
    expect(lines[1]).not.toContain('certificate');
    expect(exitCodeOf(last)).toBe(1);
  });

  it('tells of a door that was opened, which is as good as before', async () => {
    const { lines } = await watching(
      ending(found(one('doors', 'ok', 'Open: own.')), found(one('doors', 'ok', 'Open: own, operator.'))),
    );
    expect(lines[1]).toMatch(/Changed:\nok +doors +Open: own, operator\.$/);
  });

  it('lives through an outage: says once that it cannot ask, and then what is other than before', async () => {
    const { lines } = await watching(
      ending(GOOD, lost('Nobody listens.'), lost('Nobody listens.'), lost('No answer.'), GOOD),
    );
    expect(lines.slice(1)).toEqual([
      '2026-11-29T12:00:00Z CANNOT BE ASKED  Nobody listens.',
      '2026-11-29T12:00:00Z CANNOT BE ASKED  No answer.',
      '2026-11-29T12:00:00Z It can be asked again, and nothing has changed.',
    ]);
  });

  it('begins with an outage too, and tells all when it is over', async () => {
    const { lines } = await watching(ending(lost('Nobody listens.'), GOOD));
    expect(lines[1]).toMatch(/It can be asked again:\nok +ready +Fine\.\nok +certificate/);
  });

  it('is a document a line for machines', async () => {
    const { lines } = await watching(ending(GOOD, found(one('ready', 'wrong', 'Storage.')), lost('No answer.')), true);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { origin: ORIGIN, outcome: 'asked', findings: [{ check: 'ready', verdict: 'ok' }, { detail: '60 days left' }] },
      { drift: 'changed', findings: [{ check: 'ready', verdict: 'wrong', says: 'Storage.' }] },
      { drift: 'lost', outcome: 'cannot-be-asked', reason: 'No answer.' },
    ]);
  });
});
