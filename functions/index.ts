import { app } from '@azure/functions';
import { describeMistakes } from '../shared/settings/parse.ts';
import { RETRY_QUEUE } from '../shared/store/retry-queue.ts';
import { API_METHODS, api } from './api.ts';
import { assets } from './assets.ts';
import { callback } from './callback.ts';
import { clientModule, clientTypes } from './client.ts';
import { compose } from './compose.ts';
import { DOORS, openDoors } from './doors/doors.ts';
import { atEdge } from './edge.ts';
import { ready } from './health.ts';
import { home } from './home.ts';
import type { Queue, Route, Timer } from './route.ts';
import { session } from './session.ts';
import { signin } from './signin.ts';
import { signoutRetry } from './signout-retry.ts';
import { sweeper } from './sweep.ts';
import { setUpTelemetry } from './telemetry.ts';

/** What a person meets on the way in and inside; the ways out are the doors'. */
const ROUTES: readonly Route[] = [
  { name: 'signin', methods: ['GET'], route: 'auth/signin', trigger: signin },
  { name: 'callback', methods: ['GET', 'POST'], route: 'auth/callback', trigger: callback },
  { name: 'session', methods: ['GET', 'OPTIONS'], route: 'auth/session', trigger: session },
  { name: 'api', methods: API_METHODS, route: 'api/{name}/{*path}', trigger: api },
  { name: 'ready', methods: ['GET'], route: 'health/ready', trigger: ready, anyHost: true },
  { name: 'assets', methods: ['GET'], route: 'assets/{file}', trigger: assets },
  { name: 'client-module', methods: ['GET'], route: 'exeunt.js', trigger: clientModule },
  { name: 'client-types', methods: ['GET'], route: 'exeunt.d.ts', trigger: clientTypes },
  // The Functions host refuses an empty route, hence this form.
  { name: 'home', methods: ['GET'], route: '{ignored:maxlength(0)?}', trigger: home },
];
// Not at start-up: instances come and go, and what is due waits.
const TIMERS: readonly Timer[] = [{ name: 'sweep', schedule: '0 */10 * * * *', handler: sweeper }];
const QUEUES: readonly Queue[] = [{ name: RETRY_QUEUE, handler: signoutRetry }];

app.setup({ enableHttpStream: true });
setUpTelemetry(process.env);

const composed = compose(process.env);
// With mistaken settings every door answers, and says which.
const settings = composed.ok ? composed.composition.application.settings : null;
const doors = settings ? openDoors(settings) : DOORS;
const isDirectory = settings?.part === 'directory';
const routes = isDirectory ? ROUTES.filter(({ name }) => name === 'ready') : ROUTES;

for (const { name, methods, route, trigger, anyHost } of [...routes, ...doors.flatMap((door) => door.routes)]) {
  app.http(name, { methods: [...methods], route, authLevel: 'anonymous', handler: atEdge(composed, trigger, anyHost) });
}
// Liveness asks nothing of the settings: with mistakes in them the process lives, and says so.
app.http('health', {
  methods: ['GET'],
  route: 'health',
  authLevel: 'anonymous',
  handler: () => ({ status: 200, headers: { 'cache-control': 'no-store' }, jsonBody: { status: 'alive' } }),
});
if (composed.ok) {
  const { composition } = composed;
  const timers = isDirectory ? [] : TIMERS;
  for (const { name, schedule, runOnStartup = false, handler } of [
    ...timers,
    ...doors.flatMap((door) => door.timers ?? []),
  ]) {
    app.timer(name, { schedule, runOnStartup, handler: handler(composition) });
  }
  for (const { name, handler } of [...QUEUES, ...doors.flatMap(({ queues = [] }) => queues)]) {
    app.storageQueue(name, { queueName: name, connection: 'AzureWebJobsStorage', handler: handler(composition) });
  }
} else console.error(describeMistakes(composed.mistakes));
