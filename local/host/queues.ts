import type { QueueFunction } from './function-table.ts';
import type { HostJson } from './host-json.ts';
import { QueueListener } from './queue-listener.ts';
import { queueService } from './queue-service.ts';
import type { Worker } from './worker.ts';

/**
 * Starts polling the queue of each function whose connection is set; the others are named in a warning.
 *
 * @returns stops it; resolves when the messages being worked on are done with
 */
export async function startQueues(
  worker: Worker,
  functions: readonly QueueFunction[],
  settings: HostJson['queues'],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<() => Promise<void>> {
  const abort = new AbortController();
  const loops: Promise<void>[] = [];
  for (const fn of functions) {
    const service = await queueService(fn.connection, environment);
    if (service === null) {
      process.stderr.write(`host: ${fn.connection} is not set: function "${fn.metadata.name}" gets no messages\n`);
      continue;
    }
    loops.push(new QueueListener(worker, fn, service, settings).poll(abort.signal));
  }
  return async () => {
    abort.abort();
    await Promise.all(loops);
  };
}
