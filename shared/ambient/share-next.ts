import type { Ambient } from './ambient.ts';

/**
 * Looks at something for all who ask for it while an earlier look is under way, once for all of them. Whoever asks is given what
 * came of a look that began *after* they asked, never of one that had begun before: what happened by then, they see.
 */
export type ShareNext<T> = (key: string, look: () => Promise<T>) => Promise<T>;

/** Those who wait for a look that takes longer have theirs begun beside it: one that hangs holds up nobody else. */
export const WAIT_MILLISECONDS_MAX = 250;

interface Look<T> {
  readonly ended: Promise<unknown>;
  /** The one after it, as soon as somebody waits for it. It has not begun. */
  next?: Promise<T>;
}

/** What came of a look is not kept, and nothing is known of a key when nobody asks for it any more. */
export function createShareNext<T>({ sleep }: Pick<Ambient, 'sleep'>): ShareNext<T> {
  const looks = new Map<string, Look<T>>();

  function begin(key: string, look: () => Promise<T>): Promise<T> {
    const result = look();
    const leave = (): void => {
      if (looks.get(key) === begun && begun.next === undefined) looks.delete(key);
    };
    const begun: Look<T> = { ended: result.then(leave, leave) };
    looks.set(key, begun);
    return result;
  }

  return (key, look) => {
    const latest = looks.get(key);
    if (latest === undefined) return begin(key, look);
    latest.next ??= Promise.race([latest.ended, sleep(WAIT_MILLISECONDS_MAX)]).then(() => begin(key, look));
    return latest.next;
  };
}
