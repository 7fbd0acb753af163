import type { PlacesSettings, TablesSettings } from '../settings/settings.ts';
import { placeName } from '../settings/tables.ts';
import type { Place, PlacesInUse, Several } from '../store/places.ts';
import type { Unavailable } from '../store/table.ts';
import { type OpenedTables, openTables, type TablesOptions } from './tables.ts';

export interface OpenedPlaces extends PlacesInUse {
  /** Whether each of them answers, in the order in which the settings name them. */
  ready(): Promise<Several<'ready' | Unavailable>>;
}

/** Opens every storage account that the settings name, each once. No network yet. */
export function openPlaces(settings: PlacesSettings, options: TablesOptions = {}): OpenedPlaces {
  const opened = new Map<string, OpenedTables>();
  const open = (one: TablesSettings): Place => {
    const name = placeName(one);
    const tables = opened.get(name) ?? openTables(one, options);
    opened.set(name, tables);
    return { name, tables };
  };
  const [first, ...others] = settings.written;
  const written: Several<Place> = [open(first), ...others.map(open)];
  const moving = settings.moving.map(open);
  return {
    written,
    moving,
    async ready() {
      const [one = Promise.reject(new RangeError('there is no place')), ...rest] = [...opened.values()].map((tables) =>
        tables.ready(),
      );
      return Promise.all([one, ...rest]);
    },
  };
}
