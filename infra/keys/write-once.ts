import type { KeyState } from './session-keys.ts';
import type { KeyVault, VaultRefusal } from './vault.ts';

export type WrittenOnce =
  | { readonly outcome: 'written'; readonly version: string }
  /** Somebody wrote since what this was decided by was read: nothing has been written here. */
  | { readonly outcome: 'overtaken' }
  /** Somebody wrote at the same moment, and one of the two hides the other's. */
  | { readonly outcome: 'crossed'; readonly version: string; readonly others: readonly string[] }
  | VaultRefusal;

/**
 * Writes a new version in place of the one that was read. The vault takes whatever comes, so what others do is looked for before
 * and after: nobody who writes at the same time goes unnoticed by both.
 *
 * @param version that which was read; null: there was none
 * @param neededMinutes see `StoredKeys`
 */
export async function writeOnce(
  vault: KeyVault,
  state: KeyState,
  version: string | null,
  neededMinutes: number,
): Promise<WrittenOnce> {
  const before = await vault.versions();
  if (before.outcome === 'refused') return before;
  const read = await vault.read();
  if (read.outcome === 'refused') return read;
  if ((read.outcome === 'found' ? read.version : null) !== version) return { outcome: 'overtaken' };
  const written = await vault.write(state, neededMinutes);
  if (written.outcome === 'refused') return written;
  const after = await vault.versions();
  if (after.outcome === 'refused') return after;
  const others = after.versions.filter((each) => each !== written.version && !before.versions.includes(each));
  return others.length === 0 ? written : { outcome: 'crossed', version: written.version, others };
}
