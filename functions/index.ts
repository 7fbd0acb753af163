import { app, type HttpMethod } from '@azure/functions';
import { describeMistakes } from '../shared/settings/parse.ts';
import { RETRY_QUEUE } from '../shared/store/retry-queue.ts';
import { api } from './api.ts';
import { assets } from './assets.ts';
import { callback } from './callback.ts';
import { compose } from './compose.ts';
import { atEdge, type Trigger } from './edge.ts';
import { ready } from './health.ts';
import { home } from './home.ts';
import { session } from './session.ts';
import { signedOut } from './signed-out.ts';
import { signin } from './signin.ts';
import { confirmSignout, signout } from './signout.ts';
import { signoutCallback } from './signout-callback.ts';
import { signoutRetry } from './signout-retry.ts';
import { sweeper } from './sweep.ts';

const ANY: HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The route table: name, methods, route, trigger. The Functions host refuses an empty route, hence the last one's form. */
const ROUTES: readonly (readonly [string, HttpMethod[], string, Trigger])[] = [
  ['signin', ['GET'], 'auth/signin', signin],
  ['callback', ['GET', 'POST'], 'auth/callback', callback],
  ['session', ['GET'], 'auth/session', session],
  ['signout', ['POST'], 'auth/signout', signout],
  ['confirm-signout', ['GET'], 'auth/signout', confirmSignout],
  ['signed-out', ['GET'], 'auth/signed-out', signedOut],
  ['signout-callback', ['GET'], 'auth/signout-callback', signoutCallback],
  ['api', ANY, 'api/{name}/{*path}', api],
  ['ready', ['GET'], 'health/ready', ready],
  ['assets', ['GET'], 'assets/{file}', assets],
  ['home', ['GET'], '{ignored:maxlength(0)?}', home],
];

app.setup({ enableHttpStream: true });

const composed = compose(process.env);
for (const [name, methods, route, trigger] of ROUTES) {
  app.http(name, { methods, route, authLevel: 'anonymous', handler: atEdge(composed, trigger) });
}
// Liveness asks nothing of the settings: with mistakes in them the process lives, and says so.
app.http('health', {
  methods: ['GET'],
  route: 'health',
  authLevel: 'anonymous',
  handler: () => ({ status: 200, headers: { 'cache-control': 'no-store' }, jsonBody: { status: 'alive' } }),
});
// Not at start-up: instances come and go, and what is due waits.
app.timer('sweep', { schedule: '0 */10 * * * *', handler: sweeper(composed) });
// With mistaken settings nothing takes messages from the queue: there they wait.
if (composed.ok) {
  app.storageQueue(RETRY_QUEUE, {
    queueName: RETRY_QUEUE,
    connection: 'AzureWebJobsStorage',
    handler: signoutRetry(composed.composition),
  });
} else console.error(describeMistakes(composed.mistakes));
