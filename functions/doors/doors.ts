import { DIRECTORY_QUEUE } from '../../shared/directory/work.ts';
import type { Settings } from '../../shared/settings/settings.ts';
import { DIRECTORY_ROUTE } from '../routes.ts';
import type { DoorDefinition } from './door.ts';

const ACCOUNT = 'operator/accounts/{homeAccountId}';
const USER = 'operator/users/{objectId}';

/** Every door, in the order in which the README has them. To add one is to add a row, and a file of its triggers. */
export const DOORS = [
  {
    door: 'own',
    meaning:
      "The application's own button: ends the account, or the OP session (`SIGNOUT_SCOPE`, `?scope=`), then the OP's session.",
    openedBy: null,
    isOpen: () => true,
    routes: [
      { name: 'signout', methods: ['POST'], route: 'auth/signout' },
      { name: 'confirm-signout', methods: ['GET'], route: 'auth/signout' },
      { name: 'signed-out', methods: ['GET'], route: 'auth/signed-out' },
    ],
  },
  {
    door: 'sessions',
    meaning: "The list of a person's sessions: ends the one that they pick, on whatever device.",
    openedBy: null,
    isOpen: () => true,
    routes: [
      { name: 'sessions', methods: ['GET', 'OPTIONS'], route: 'auth/sessions' },
      { name: 'end-session', methods: ['DELETE'], route: 'auth/sessions/{id}' },
    ],
  },
  {
    door: 'front-channel',
    meaning:
      "The OP's hidden iframe, when the person signs out of another application: ends whom the `sid` names, without a cookie.",
    openedBy: null,
    isOpen: () => true,
    routes: [{ name: 'signout-callback', methods: ['GET'], route: 'auth/signout-callback' }],
  },
  {
    door: 'back-channel',
    meaning:
      "The OP's server, with a signed logout token: ends whom its `sid` names or, where there is none, every session of its `sub`.",
    openedBy: null,
    isOpen: () => true,
    routes: [{ name: 'backchannel-logout', methods: ['POST'], route: 'auth/backchannel-logout' }],
  },
  {
    door: 'operator',
    meaning:
      'A person or program with the app role `Exeunt.Operator`: ends an account, or all that a user object id leads to, everywhere.',
    openedBy: 'OPERATOR_AUDIENCE',
    isOpen: ({ doors }) => doors.operator !== null,
    routes: [
      { name: 'operator-account-signout', methods: ['POST'], route: `${ACCOUNT}/signout` },
      { name: 'operator-account', methods: ['GET'], route: ACCOUNT },
      { name: 'operator-user-signout', methods: ['POST'], route: `${USER}/signout` },
      { name: 'operator-user', methods: ['GET'], route: USER },
    ],
  },
  {
    door: 'directory',
    meaning:
      'Microsoft Graph, when a user was disabled, deleted or revoked: ends what the directory no longer lets in, all of it or what began before.',
    openedBy: 'DIRECTORY_TENANT',
    isOpen: ({ doors }) => doors.directory !== null,
    routes: [{ name: 'graph-notifications', methods: ['POST'], route: DIRECTORY_ROUTE }],
    // At a start too: a new deployment is told of changes at once. What it does twice, it finds done.
    timers: [{ name: 'directory-subscription', schedule: '0 */5 * * * *', runOnStartup: true }],
    queues: [{ name: DIRECTORY_QUEUE }],
  },
  {
    door: 'security-events',
    meaning:
      'A transmitter of security events (CAEP, RISC), by push: ends the session or the person that a signed event names, as of the time of the event.',
    openedBy: 'SECURITY_EVENTS_ISSUER',
    isOpen: ({ doors }) => doors.securityEvents !== null,
    routes: [{ name: 'security-events', methods: ['POST'], route: 'events/security' }],
  },
] as const satisfies readonly DoorDefinition[];

/** Those of this function app: open by its settings, and of the part that it runs. */
export function openDoors(settings: Settings): readonly (typeof DOORS)[number][] {
  return DOORS.filter((door) => door.isOpen(settings) && runs(settings, door));
}

function runs({ part }: Settings, { door }: DoorDefinition): boolean {
  return part === 'all' || (door === 'directory') === (part === 'directory');
}
