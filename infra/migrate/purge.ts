import type { CacheStore } from './store.ts';

/** How many there were of each kind. Nothing else is told of them: keys name people. */
export interface Purged {
  readonly caches: number;
  /** Without a token in them: what `removeAccount` leaves. */
  readonly empty: number;
  /** A cache beside other text. */
  readonly mixed: number;
  readonly others: number;
  readonly deleted: number;
  readonly recoverable: number;
  readonly changed: number;
}

/** `delete`: nothing is, unless it says so. `mixed`: what holds other text beside a cache goes too. */
export interface Wishes {
  readonly delete: boolean;
  readonly mixed: boolean;
}

/** Looks at all that a store holds, and deletes the caches among it. */
export async function purge(store: CacheStore, wishes: Wishes): Promise<Purged> {
  const counts = { caches: 0, empty: 0, mixed: 0, others: 0, deleted: 0, recoverable: 0, changed: 0 };
  const COUNTED = { cache: 'caches', empty: 'empty', mixed: 'mixed', other: 'others' } as const;
  for await (const candidate of store.candidates()) {
    const found = await candidate.look();
    counts[COUNTED[found]] += 1;
    if (!wishes.delete || found === 'other' || (found === 'mixed' && !wishes.mixed)) continue;
    const became = await candidate.delete();
    if (became === 'changed') counts.changed += 1;
    else counts.deleted += 1;
    if (became === 'recoverable') counts.recoverable += 1;
  }
  return counts;
}

/** What a person reads, a line each. */
export function describePurged(purged: Purged, wishes: Wishes): string[] {
  const { caches, empty, mixed, others, deleted, recoverable, changed } = purged;
  const lines = [
    `found: ${caches} MSAL caches, ${empty} without a token, ${mixed} beside other text, ${others} other things`,
  ];
  if (!wishes.delete) return [...lines, 'nothing was deleted; to delete them, run it again with --delete'];
  lines.push(`deleted: ${deleted}`);
  if (changed > 0) lines.push(`left: ${changed}, written meanwhile; is something still running that writes them?`);
  if (mixed > 0 && !wishes.mixed) lines.push(`left: ${mixed} beside other text; --mixed deletes all of their rows`);
  if (recoverable > 0) {
    lines.push(
      `${recoverable} of the deleted can be restored until soft delete gives them up: they are not gone before`,
    );
  }
  return lines;
}
