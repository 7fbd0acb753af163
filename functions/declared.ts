import type { Settings } from '../shared/settings/settings.ts';
import { DOORS, openDoors } from './doors/doors.ts';
import type { Queue, Route, Timer } from './route.ts';
import { QUEUES, ROUTES, TIMERS } from './routes.ts';

type Door = (typeof DOORS)[number];

export type RouteName = (typeof ROUTES | Door['routes'])[number]['name'];
export type TimerName = (typeof TIMERS | Extract<Door, { timers: unknown }>['timers'])[number]['name'];
export type QueueName = (typeof QUEUES | Extract<Door, { queues: unknown }>['queues'])[number]['name'];

/** What a function app registers. By their names it finds the handlers, which are loaded later. */
export interface Declared {
  readonly routes: readonly Route<RouteName>[];
  readonly timers: readonly Timer<TimerName>[];
  readonly queues: readonly Queue<QueueName>[];
}

/**
 * The functions of a function app with these settings.
 *
 * @param settings null where they are mistaken: every door then answers, and says which; nothing runs by itself
 */
export function declared(settings: Settings | null): Declared {
  const doors = settings ? openDoors(settings) : DOORS;
  const isDirectory = settings?.part === 'directory';
  const routes = ROUTES.filter(({ name }) => !isDirectory || name === 'ready');
  return {
    routes: [...routes, ...doors.flatMap((door): readonly Route<RouteName>[] => door.routes)],
    timers: settings
      ? [...(isDirectory ? [] : TIMERS), ...doors.flatMap((door) => ('timers' in door ? door.timers : []))]
      : [],
    queues: settings ? [...QUEUES, ...doors.flatMap((door) => ('queues' in door ? door.queues : []))] : [],
  };
}
