import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAppServer } from './app-server.ts';
import { buildFunctionTable, type FunctionTable } from './function-table.ts';
import { HostError } from './host-error.ts';
import { parseHostJson } from './host-json.ts';
import { loadApp, readAppJson } from './load-app.ts';
import { startQueues } from './queues.ts';
import { findHiddenRoutes } from './route-table.ts';
import { startTimers } from './timers.ts';
import type { Worker } from './worker.ts';

const ADDRESS = '127.0.0.1';
/** Requests and messages in flight get this long at the end; the process has 2 s for all of it. */
const DRAIN_MS = 1500;

export interface RunningHost {
  port: number;
  /** Stops taking requests, lets what is in flight finish (1.5 s at most), runs the app's `appTerminate` hooks. */
  stop(): Promise<void>;
}

/**
 * Loads the app and runs its functions. One app a process: the library it loads is one for all.
 *
 * @param appRoot absolute path
 * @param port 0: any that is free
 * @throws HostError for what a person can mend; whatever the app throws while it is imported
 */
export async function startHost(
  appRoot: string,
  port: number,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RunningHost> {
  const hostJson = parseHostJson(readAppJson(appRoot, 'host.json'));
  const worker = await loadApp(appRoot);
  const table = buildFunctionTable(worker.functions, hostJson.routePrefix, environment);
  warnOfHiddenRoutes(table);
  const { server } = await createAppServer(worker, table.routes, environment);
  await listen(server, port);

  const stopQueues = await startQueues(worker, table.queues, hostJson.queues, environment);
  const stopTimers = startTimers(worker, table.timers);
  printFunctions(table);
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const drained = Promise.all([close(server), stopQueues(), stopTimers()]);
      if (!(await atMost(DRAIN_MS, drained))) {
        process.stderr.write('host: what was still in flight has been cut off\n');
        server.closeAllConnections();
      }
      await terminate(worker);
    },
  };
}

function warnOfHiddenRoutes(table: FunctionTable): void {
  for (const { hidden, by } of findHiddenRoutes(table.routes)) {
    process.stderr.write(
      `host: "${hidden.functionName}" (${hidden.template}) is hidden by "${by.functionName}" (${by.template}): ` +
        'the Functions host tries routes by function name\n',
    );
  }
}

function printFunctions({ routes, timers, queues, disabled }: FunctionTable): void {
  const lines = [
    ...routes.map((route) => [`${[...route.methods].join(',')} /${route.template}`, route.functionName]),
    ...timers.map((timer) => [`timer ${timer.scheduleText}`, timer.metadata.name]),
    ...queues.map((queue) => [`queue ${queue.queueName}`, queue.metadata.name]),
    ...disabled.map((name) => ['disabled', name]),
  ];
  for (const [trigger, name] of lines) process.stdout.write(`host:   ${trigger} -> ${name}\n`);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new HostError(`port ${port} is taken`) : error);
    });
    server.listen(port, ADDRESS, resolve);
  });
}

/** Resolves when the last connection is gone; one that is kept alive is closed as soon as it is idle. */
function close(server: Server): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  return new Promise((resolve) => {
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });
}

/** Waits for the work, but no longer than `ms`. Returns whether it was done in time. */
async function atMost(ms: number, work: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<false>();
  const timeout = setTimeout(resolve, ms, false);
  const isDone = await Promise.race([work.then(() => true), promise]);
  clearTimeout(timeout);
  return isDone;
}

async function terminate(worker: Worker): Promise<void> {
  try {
    await atMost(DRAIN_MS / 5, worker.runHooks('appTerminate', { hookData: {}, appHookData: worker.appHookData }));
  } catch (error) {
    process.stderr.write(`host: an appTerminate hook failed: ${String(error)}\n`);
  }
}
