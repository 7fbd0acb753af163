import type { AccountStore } from '../../shared/account/account-store.ts';
import { type PlacesInUse, shareOut } from '../../shared/store/places.ts';
import type { Entity, Tables } from '../../shared/store/table.ts';

/** How far an instance's settings have come, of an application that moves all its keys from one place to another. */
export type Phase = 'before' | 'about to move' | 'moving' | 'moved';
export type PlaceName = 'old' | 'new';

/** What a race is while an application moves. */
export interface Moving {
  /** How far each operation's instance has come, in the order of the operations. A retry runs where the next one does. */
  readonly phases: readonly Phase[];
  /** Where each of the sessions that stand does. */
  readonly standingAt: readonly PlaceName[];
}

/** Storage as an instance of that phase knows it. */
export function storageIn(
  phase: Phase,
  tables: Readonly<Record<PlaceName, Tables>>,
): Pick<AccountStore, 'tables' | 'places'> {
  const [before, after] = [
    { name: 'old', tables: tables.old },
    { name: 'new', tables: tables.new },
  ] as const;
  const inUse = {
    before: { written: [before], moving: [] },
    'about to move': { written: [before], moving: [after] },
    moving: { written: [after], moving: [before] },
    moved: { written: [after], moving: [] },
  } as const satisfies Record<Phase, PlacesInUse>;
  const { written, moving } = inUse[phase];
  return moving.length === 0 ? { tables: written[0].tables } : shareOut({ written, moving });
}

/** Of what stands, what lies at one place: rows of a session where it stands, and what is no session's at both. */
export function rowsAt(
  place: PlaceName,
  rows: readonly Entity[],
  placeOf: ReadonlyMap<string, PlaceName>,
): readonly Entity[] {
  return rows.flatMap((row) => {
    const names = Object.keys(row.properties);
    if (!names.some((name) => name.startsWith('s_'))) {
      const id = [...placeOf.keys()].find((each) => row.rowKey.includes(each));
      return id === undefined || placeOf.get(id) === place ? [row] : [];
    }
    const here = names.filter((name) => name === 'expiresOn' || placeOf.get(name.slice(2)) === place);
    if (here.length < 2) return [];
    return [{ ...row, properties: Object.fromEntries(here.map((name) => [name, row.properties[name] ?? ''])) }];
  });
}
