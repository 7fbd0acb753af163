import { RETRY_QUEUE } from '../shared/store/retry-queue.ts';
import type { Queue, Route, Timer } from './route.ts';

/** What the Functions library knows of methods: all of them are the API's to allow. */
export const API_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Where Graph's notifications come in. */
export const DIRECTORY_ROUTE = 'events/graph';

/** What a person meets on the way in and inside; the ways out are the doors'. */
export const ROUTES = [
  { name: 'signin', methods: ['GET'], route: 'auth/signin' },
  { name: 'callback', methods: ['GET', 'POST'], route: 'auth/callback' },
  { name: 'session', methods: ['GET', 'OPTIONS'], route: 'auth/session' },
  { name: 'api', methods: API_METHODS, route: 'api/{name}/{*path}' },
  { name: 'ready', methods: ['GET'], route: 'health/ready', anyHost: true },
  { name: 'assets', methods: ['GET'], route: 'assets/{file}' },
  { name: 'client-module', methods: ['GET'], route: 'exeunt.js' },
  { name: 'client-types', methods: ['GET'], route: 'exeunt.d.ts' },
  // The Functions host refuses an empty route, hence this form.
  { name: 'home', methods: ['GET'], route: '{ignored:maxlength(0)?}' },
] as const satisfies readonly Route[];

/** Registered apart from the others: it answers without settings, and loads nothing. */
export const HEALTH = { name: 'health', methods: ['GET'], route: 'health' } as const satisfies Route;

// Not at start-up: instances come and go, and what is due waits.
export const TIMERS = [{ name: 'sweep', schedule: '0 */10 * * * *' }] as const satisfies readonly Timer[];

export const QUEUES = [{ name: RETRY_QUEUE }] as const satisfies readonly Queue[];
