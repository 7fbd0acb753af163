import { applicationStorage } from '../../shared/account/application-tables.ts';
import { createReplacedHere } from '../../shared/account/replaced-here.ts';
import type { Ambient } from '../../shared/ambient/ambient.ts';
import type { Application } from '../../shared/application/application.ts';
import type { Place, PlacesInUse, Several } from '../../shared/store/places.ts';
import { sweep } from '../../shared/sweep/sweep.ts';
import { createMemoryTables, type MemoryTables } from '../../test/memory-table/memory-table.ts';
import { testApplication } from '../../test/support/application.ts';
import { testKeyring } from '../../test/support/keyring.ts';
import { HOUR, MINUTE } from '../../test/support/records.ts';
import { CLIENT_ID } from '../../test/support/store.ts';
import type { Days } from './simulate.ts';
import { type AtOp, simulatedOp } from './simulated-op.ts';
import type { Tally } from './tally.ts';

/** As the setting is by default. */
export const SESSION_ABSOLUTE_MINUTES = 12 * 60;
/** A session has run out, and the sweep has been there. */
const MOVED_AFTER = SESSION_ABSOLUTE_MINUTES * MINUTE + 2 * HOUR;

export interface Stage {
  /** As its settings are at the time. */
  application: Application;
  readonly person: AtOp;
  readonly stored: readonly MemoryTables[];
  /** The steps of a move, milliseconds after the beginning. */
  readonly steps: readonly { readonly after: number; readonly step: () => void }[];
  /** How many sessions sweeps have cleared away. */
  readonly swept: () => number;
}

/** An application over storage in memory, every call to which is counted; the sweep has run once, over nothing. */
export async function setStage({ places = ['one'], movesTo }: Days, ambient: Ambient, tally: Tally): Promise<Stage> {
  const stored = new Map([...places, ...(movesTo ?? [])].map((name) => [name, createMemoryTables(ambient)]));
  const placesOf = (names: readonly string[]): Several<Place> =>
    names.map((name) => ({ name, tables: stored.get(name) as MemoryTables })) as unknown as Several<Place>;
  const person: AtOp = { homeAccountId: '', sid: '' };
  const { application: base } = testApplication();
  const op = simulatedOp(ambient, person);
  const keyring = testKeyring(['k1'], ambient);
  const within = (inUse: PlacesInUse): Application => ({
    ...base,
    settings: { ...base.settings, sessionAbsoluteMinutes: SESSION_ABSOLUTE_MINUTES },
    store: { ...applicationStorage(inUse, CLIENT_ID), keyring, ambient, replacedHere: createReplacedHere() },
    op: { get: async () => op },
  });
  const [before, after] = [placesOf(places), placesOf(movesTo ?? places)];
  await sweep(within({ written: before, moving: after }).store);
  let swept = 0;
  for (const [name, tables] of stored) {
    tables.before = (operation) => {
      tally.count(name, operation);
      if (operation.name === 'remove' && operation.rowKey?.startsWith('session~')) swept += 1;
      return undefined;
    };
  }
  const becomes = (written: Several<Place>, moving: readonly Place[]) => () => {
    stage.application = within({ written, moving });
  };
  const stage: Stage = {
    application: within({ written: before, moving: [] }),
    person,
    stored: [...stored.values()],
    swept: () => swept,
    steps:
      movesTo === undefined
        ? []
        : [
            { after: 24 * HOUR, step: becomes(before, after) },
            { after: 25 * HOUR, step: becomes(after, before) },
            { after: 25 * HOUR + MOVED_AFTER, step: becomes(after, []) },
          ],
  };
  return stage;
}
