import type { Ambient } from '../ambient/ambient.ts';
import { createShareNext } from '../ambient/share-next.ts';
import type { ReadOutcome, Table } from './table.ts';

/**
 * The same table, of which those who want the same properties of one entity while a read of them is under way share the next:
 * a page that calls ten APIs at once costs two reads. It is as good as a read of each one's own (G4), as none is answered by
 * one that was sent before they asked; it may come later by as long as the other takes, a quarter of a second at the most.
 * A read of the whole entity is nobody's but its own: what goes on to write.
 */
export function sharedReads<T extends Table>(table: T, ambient: Pick<Ambient, 'sleep'>): T {
  const share = createShareNext<ReadOutcome>(ambient);
  return {
    ...table,
    read: (key, select) =>
      select === undefined
        ? table.read(key)
        : // None of what it is made of holds a line break: the service takes none in a key or a name.
          share([key.partitionKey, key.rowKey, ...select].join('\n'), () => table.read(key, select)),
  };
}
