import type { Settings } from '../../shared/settings/settings.ts';
import { backChannel } from './back-channel.ts';
import { directory } from './directory.ts';
import type { DoorDefinition } from './door.ts';
import { frontChannel } from './front-channel.ts';
import { operator } from './operator.ts';
import { own } from './own.ts';
import { securityEvents } from './security-events.ts';
import { sessions } from './sessions.ts';

/** Every door, in the order in which the README has them. To add one is to add a file and a row. */
export const DOORS: readonly DoorDefinition[] = [
  own,
  sessions,
  frontChannel,
  backChannel,
  operator,
  directory,
  securityEvents,
];

/** Those of this function app: open by its settings, and of the part that it runs. */
export function openDoors(settings: Settings): readonly DoorDefinition[] {
  return DOORS.filter((door) => door.isOpen(settings) && runs(settings, door));
}

function runs({ part }: Settings, { door }: DoorDefinition): boolean {
  return part === 'all' || (door === 'directory') === (part === 'directory');
}
