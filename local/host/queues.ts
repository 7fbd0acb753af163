import type { QueueServiceClient } from '@azure/storage-queue';
import type { QueueFunction } from './function-table.ts';
import { HostError } from './host-error.ts';
import type { HostJson } from './host-json.ts';
import { QueueListener } from './queue-listener.ts';
import type { Worker } from './worker.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts polling the queue of each function whose connection string is set; the others are named in a warning.
 *
 * @returns stops it; resolves when the messages being worked on are done with
 */
export async function startQueues(
  worker: Worker,
  functions: readonly QueueFunction[],
  settings: HostJson['queues'],
  environment: Environment,
): Promise<() => Promise<void>> {
  if (functions.length === 0) return async () => {};
  // Only now: the SDK takes long to import, and most apps that this host runs have no queue.
  const { QueueServiceClient: Client } = await import('@azure/storage-queue');
  const abort = new AbortController();
  const loops: Promise<void>[] = [];
  for (const fn of functions) {
    const connectionString = environment[`AzureWebJobs${fn.connection}`] || environment[fn.connection];
    if (!connectionString) {
      process.stderr.write(`host: ${fn.connection} is not set: function "${fn.metadata.name}" gets no messages\n`);
      continue;
    }
    let service: QueueServiceClient;
    try {
      service = Client.fromConnectionString(connectionString, { retryOptions: { maxTries: 1 } });
    } catch {
      // The SDK's own message could hold the key.
      throw new HostError(`${fn.connection} is not a connection string of a storage account`);
    }
    loops.push(new QueueListener(worker, fn, service, settings).poll(abort.signal));
  }
  return async () => {
    abort.abort();
    await Promise.all(loops);
  };
}
