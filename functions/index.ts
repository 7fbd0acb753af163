import { app } from '@azure/functions';
import { untilItWorks } from '../shared/ambient/until-it-works.ts';
import { watchConnections } from '../shared/connection/connections.ts';
import { describeMistakes, parseSettings } from '../shared/settings/parse.ts';
import { loadTablesSdk } from '../shared/tables/clients.ts';
import { declared } from './declared.ts';
import { preload } from './preload.ts';
import { HEALTH } from './routes.ts';
import { setUpTelemetry } from './telemetry.ts';
import { httpWhenLoaded, whenLoaded } from './when-loaded.ts';

app.setup({ enableHttpStream: true });
setUpTelemetry(process.env);

const parsed = parseSettings(process.env);
// Node tells of a request as it comes in, and not again: the first must not have come before.
const connections = watchConnections();
const handlers = untilItWorks(async () => (await import('./handlers.ts')).createHandlers(parsed, connections));

// With mistaken settings every door answers, and says which.
const { routes, timers, queues } = declared(parsed.ok ? parsed.value : (parsed.early ?? null));
for (const route of routes) {
  const { name, methods, route: template } = route;
  const handler = httpWhenLoaded(async () => (await handlers()).http(route));
  app.http(name, { methods: [...methods], route: template, authLevel: 'anonymous', handler });
}
for (const timer of timers) {
  const { name, schedule, runOnStartup = false } = timer;
  app.timer(name, { schedule, runOnStartup, handler: whenLoaded(async () => (await handlers()).timer(timer)) });
}
for (const queue of queues) {
  const { name } = queue;
  const handler = whenLoaded(async () => (await handlers()).queue(queue));
  app.storageQueue(name, { queueName: name, connection: 'AzureWebJobsStorage', handler });
}
// Liveness asks nothing of the settings: with mistakes in them the process lives, and says so.
app.http(HEALTH.name, {
  methods: [...HEALTH.methods],
  route: HEALTH.route,
  authLevel: 'anonymous',
  handler: () => ({ status: 200, headers: { 'cache-control': 'no-store' }, jsonBody: { status: 'alive' } }),
});
if (!parsed.ok) console.error(describeMistakes(parsed.mistakes));
// The worker is told of our functions first, and asks for the next thing later.
preload([handlers, loadTablesSdk]);
