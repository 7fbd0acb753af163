import type { Entity, Unavailable } from '../store/table.ts';
import { parseNote } from './note.ts';
import { AT_ONCE_MAX, isAtLimit, type Run } from './run.ts';
import { type NoteSwept, sweepNote } from './sweep-note.ts';

/** `left`: notes stay in it, of those whom the next run may fare better with. Unavailable: storage is, and not for one of them alone. */
export type BucketSwept = 'cleared' | 'left' | 'limit' | Unavailable;

/** Does what all notes of an hour say. */
export async function sweepBucket(run: Run, bucket: string): Promise<BucketSwept> {
  const { store, limits, counts, failures } = run;
  const left = new Set<string>();
  for (;;) {
    // What stays comes first again in the next list: the page grows by it, or nothing behind it would ever be read.
    const listed = await store.tables.expiries.list(bucket, limits.page + left.size);
    if (listed.outcome === 'unavailable') return listed;
    const notes = listed.entities.filter(({ rowKey }) => !left.has(rowKey));
    for (let from = 0; from < notes.length; from += AT_ONCE_MAX) {
      if (isAtLimit(run)) return 'limit';
      const batch = notes.slice(from, from + AT_ONCE_MAX);
      run.looked += batch.length;
      for (const [note, swept] of await sweepBatch(run, batch)) {
        if (swept === 'cleared') continue;
        left.add(note.rowKey);
        counts.left += 1;
      }
      const away = failures.isAway() ? failures.first() : null;
      if (away !== null) return away;
    }
    if (listed.complete) return left.size === 0 ? 'cleared' : 'left';
  }
}

async function sweepBatch(
  { store, moment, counts, failures, afterBatch }: Run,
  batch: readonly Entity[],
): Promise<readonly (readonly [Entity, NoteSwept])[]> {
  const asked = batch.map((note) => ({ note, subject: subjectOf(note) }));
  const swept = await Promise.all(
    asked.map(async ({ note, subject }) => {
      // Each that is asked for in vain can take a deadline's time.
      if (failures.has(subject)) return [note, 'left'] as const;
      const swept = await sweepNote(store, note, moment, counts);
      if (typeof swept === 'object') failures.add(subject, swept);
      else failures.answered();
      return [note, swept] as const;
    }),
  );
  await afterBatch();
  return swept;
}

/** Whose partition a note sends the sweep to. */
function subjectOf(entity: Entity): string {
  const note = parseNote(entity);
  switch (note.kind) {
    case 'session':
      return note.account;
    case 'tombstone':
      return note.index;
    case 'attempt':
    case 'void':
    case 'unknown':
      return entity.rowKey;
  }
}
