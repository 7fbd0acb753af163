import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { QueueFunction } from './function-table.ts';
import { HostError } from './host-error.ts';
import type { HostJson } from './host-json.ts';
import { invoke, logFailure } from './invoke.ts';
import { decodeMessage, queueTriggerMetadata, type ReceivedMessage } from './queue-message.ts';
import type { Worker } from './worker.ts';

/** While a message is worked on nobody else sees it; the extension holds it for ten minutes at a time. */
const PROCESSING_SECONDS = 600;
const FIRST_POLL_DELAY_MS = 100;
/** The extension's own maximum is a minute (`maxPollingInterval`), too long to wait on a developer's machine. */
const MAX_POLL_DELAY_MS = 1000;

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

/** One queue's trigger, as `Microsoft.Azure.WebJobs.Extensions.Storage.Queues` has it in `QueueListener`. */
class QueueListener {
  readonly #worker: Worker;
  readonly #fn: QueueFunction;
  readonly #settings: HostJson['queues'];
  readonly #queue: QueueClient;
  readonly #poisonQueue: QueueClient;
  #isFailing = false;

  constructor(worker: Worker, fn: QueueFunction, service: QueueServiceClient, settings: HostJson['queues']) {
    this.#worker = worker;
    this.#fn = fn;
    this.#settings = settings;
    this.#queue = service.getQueueClient(fn.queueName);
    this.#poisonQueue = service.getQueueClient(`${fn.queueName}-poison`);
  }

  /** Polls until aborted, at longer and longer intervals while the queue is empty. */
  async poll(signal: AbortSignal): Promise<void> {
    let delayMs = FIRST_POLL_DELAY_MS;
    while (!signal.aborted) {
      const messages = await this.#receive(signal);
      if (messages.length > 0) {
        await Promise.all(messages.map((message) => this.#handle(message)));
        delayMs = FIRST_POLL_DELAY_MS;
        continue;
      }
      await delay(delayMs, undefined, { signal }).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, MAX_POLL_DELAY_MS);
    }
  }

  /** A queue that does not exist is empty: the trigger does not create it. Storage out of reach is said once. */
  async #receive(signal: AbortSignal): Promise<ReceivedMessage[]> {
    try {
      const { receivedMessageItems } = await this.#queue.receiveMessages({
        numberOfMessages: this.#settings.batchSize,
        visibilityTimeout: PROCESSING_SECONDS,
        abortSignal: signal,
      });
      this.#isFailing = false;
      return receivedMessageItems;
    } catch (error) {
      if (!signal.aborted && statusOf(error) !== 404) this.#warnOnce(error);
      return [];
    }
  }

  async #handle(message: ReceivedMessage): Promise<void> {
    try {
      const text = decodeMessage(message.messageText, this.#settings.messageEncoding);
      const isSpent = message.dequeueCount > this.#settings.maxDequeueCount;
      if (text === undefined || isSpent) await this.#moveToPoison(message);
      else if (await this.#run(message, text)) await this.#delete(message);
      else if (message.dequeueCount >= this.#settings.maxDequeueCount) await this.#moveToPoison(message);
      else await this.#release(message);
    } catch (error) {
      // The message comes back when its ten minutes are over.
      this.#warnOnce(error);
    }
  }

  async #run(message: ReceivedMessage, text: string): Promise<boolean> {
    try {
      await invoke(this.#worker, this.#fn, {
        invocationId: randomUUID(),
        inputData: [{ name: this.#fn.bindingName, data: { string: text } }],
        triggerMetadata: queueTriggerMetadata(message, text),
      });
      return true;
    } catch (error) {
      logFailure(this.#fn.metadata.name, error);
      return false;
    }
  }

  async #moveToPoison(message: ReceivedMessage): Promise<void> {
    await this.#poisonQueue.createIfNotExists();
    await this.#poisonQueue.sendMessage(message.messageText);
    await this.#delete(message);
    process.stderr.write(
      `host: a message of ${this.#queue.name} has been moved to ${this.#poisonQueue.name} ` +
        `(delivery ${message.dequeueCount})\n`,
    );
  }

  async #delete(message: ReceivedMessage): Promise<void> {
    await this.#queue.deleteMessage(message.messageId, message.popReceipt);
  }

  async #release(message: ReceivedMessage): Promise<void> {
    const { visibilityTimeoutSeconds } = this.#settings;
    await this.#queue.updateMessage(message.messageId, message.popReceipt, undefined, visibilityTimeoutSeconds);
  }

  #warnOnce(error: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    const { code, statusCode } = error as { code?: string; statusCode?: number };
    process.stderr.write(`host: queue ${this.#queue.name}: ${code ?? statusCode ?? 'error'}; trying on\n`);
  }
}

const statusOf = (error: unknown) => (error as { statusCode?: number }).statusCode;
