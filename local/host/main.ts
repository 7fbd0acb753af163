/**
 * The local host: runs the functions of one application, for development and tests, in the place of the Azure Functions
 * host and its Node.js worker.
 *
 *     PORT=7071 npm run host -- [app root]
 *
 * It loads the built bundle (package.json `main`), gives it `@azure/functions-core` through the hook that Azure's worker
 * has, and does for `@azure/functions` 4.16 what worker and host do, from the environment's settings: HTTP with and
 * without `enableHttpStream`, timers, the storage queue trigger. It listens on 127.0.0.1 at `PORT` (7071; 0: any).
 * `FUNCTIONS_HOST_KEY` is the one key that functions with an `authLevel` accept; without it they answer 401.
 *
 * What it does not imitate:
 * - other triggers, and input and output bindings: the host refuses to start with them
 * - the `/admin` and `/runtime` endpoints, function keys and their store, EasyAuth, CORS, proxies
 * - Azure's front end: TLS, its `X-*` headers, the 230 s limit, buffering, WebSockets
 * - scale: one process, no cold start, no restart after a crash
 * - of host.json: `functionTimeout`, `logging`, `telemetryMode`, the extension bundle, HTTP's throttles, and `hsts`, which is for
 *   https alone
 * - a wrong function: Azure logs it and runs the others, this host exits
 * - `enableHttpStream`: where a function throws or returns nothing Azure lets the request hang; here it is 500 or 204 at
 *   once, and a line on stderr. The request's scheme is always http. Azure keeps a caller's own `x-ms-invocation-id`, and
 *   that request hangs too; here it is replaced
 * - without it: bodies without a length arrive here; content negotiation is not done
 * - routes: default values, several parts in a segment, the constraints `regex`, `datetime`, `file`, `nonfile`
 * - timers: no lock, no stored status, no `TimeSpan` schedules, no time zone, no retry policies
 * - queues: of the identity's settings `__queueServiceUri` and `__clientId` alone; no renewal of a message's ten minutes; a
 *   batch ends before the next begins; polls at least once a second; JSON properties are not in the trigger metadata
 */
import { resolve } from 'node:path';
import { readCommandLine, runCommand } from '../command-line.ts';
import { HostError } from './host-error.ts';
import { startHost } from './start.ts';

const DEFAULT_PORT = '7071';

const HELP = `npm run host -- [app root]

Runs the functions of one application (.), with the settings of the environment, on PORT (${DEFAULT_PORT}; 0: any) of 127.0.0.1.

  --help  this text
`;

async function main(folder = '.'): Promise<void> {
  const port = Number(process.env.PORT || DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new HostError('PORT must be from 0 to 65535');
  const appRoot = resolve(folder);
  // The worker's working directory is the app's root.
  process.chdir(appRoot);
  const host = await startHost(appRoot, port, process.env);

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    host.stop().finally(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Whoever started this host with a channel has died without a word.
  process.on('disconnect', stop);
  // Last of all, so that whoever waits for this line can stop the host from then on.
  process.stdout.write(`host: listening on http://127.0.0.1:${host.port}\n`);
}

function fail(error: unknown): never {
  const isKnown = error instanceof HostError;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && !isKnown ? `\n${error.stack}` : '';
  const line = isKnown ? message : `the app failed to load: ${message.split('\n', 1)[0]}`;
  process.stderr.write(`host: ${line}${stack}\n`);
  process.exit(1);
}

const given = readCommandLine({ script: 'npm run host', wordsMax: 1 }, process.argv.slice(2));
await runCommand(given, HELP, async ({ words: [folder] }) => {
  await main(folder).catch(fail);
  return 0;
});
