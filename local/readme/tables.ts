import type { DoorDefinition } from '../../functions/doors/door.ts';
import { DOORS } from '../../functions/doors/doors.ts';
import type { Route } from '../../functions/route.ts';
import { API_METHODS, HEALTH, QUEUES, ROUTES, TIMERS } from '../../functions/routes.ts';
import type { SettingDefinition } from '../../shared/settings/registry/definition.ts';
import { SETTINGS } from '../../shared/settings/registry.ts';
import { QUEUES_DO, ROUTES_DO, TIMERS_DO } from './endpoints.ts';

const doors: readonly DoorDefinition[] = DOORS;

export function doorsTable(): string[] {
  const rows = doors.map(({ door, meaning, openedBy }) => [door, meaning, openedBy ? code(openedBy) : 'always open']);
  return table(['door', 'who knocks, and what ends', 'opened by'], rows);
}

/** Every route, queue and timer of the function app, with the door that it belongs to. */
export function endpointsTable(): string[] {
  const own = [...ROUTES, HEALTH].map((route) => [request(route), ROUTES_DO[route.name].does, '']);
  const ofDoors = DOORS.flatMap(({ door, routes }) =>
    routes.map((route) => [request(route), ROUTES_DO[route.name].does, door]),
  );
  const timers = [
    ...TIMERS.map((timer) => ({ ...timer, door: '' })),
    ...DOORS.flatMap((door) => ('timers' in door ? door.timers.map((timer) => ({ ...timer, door: door.door })) : [])),
  ].map(({ name, schedule, door }) => [`timer ${code(name)} (${code(schedule)})`, TIMERS_DO[name], door]);
  const queues = [
    ...QUEUES.map((queue) => ({ ...queue, door: '' })),
    ...DOORS.flatMap((door) => ('queues' in door ? door.queues.map((queue) => ({ ...queue, door: door.door })) : [])),
  ].map(({ name, door }) => [`queue ${code(name)}`, QUEUES_DO[name], door]);
  return table(['method and path', 'does', 'door'], [...own, ...ofDoors, ...queues, ...timers]);
}

export function settingsTable(): string[] {
  const rows = Object.entries<SettingDefinition>(SETTINGS).map(([name, definition]) => [
    code(name),
    definition.meaning,
    unset(definition),
  ]);
  return table(['name', 'meaning', 'where it is not set'], rows);
}

/** What holds where a setting is not set. */
function unset({ required, otherwise, default: byDefault }: SettingDefinition): string {
  if (required === 'yes') return 'required';
  if (required !== 'no') return required;
  return otherwise ?? (byDefault ? code(byDefault) : '');
}

function request({ name, methods, route }: Route<keyof typeof ROUTES_DO>): string {
  // A preflight is asked for by browsers alone; docs/browsers.md.
  const told = methods.length === API_METHODS.length ? ['ANY'] : methods.filter((method) => method !== 'OPTIONS');
  const { query = [] } = ROUTES_DO[name] as { readonly query?: readonly string[] };
  const parameters = query.length === 0 ? '' : `?${query.map((parameter) => `${parameter}=`).join('&')}`;
  const path = name === 'home' ? '/' : `/${route}`;
  return `${told
    .slice(0, -1)
    .map((method) => `${code(method)}, `)
    .join('')}${code(`${told.at(-1)} ${path}${parameters}`)}`;
}

const code = (text: string): string => `\`${text}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
}
