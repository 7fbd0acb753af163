import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { QueueFunction } from './function-table.ts';
import type { HostJson } from './host-json.ts';
import { invoke, logFailure } from './invoke.ts';
import { decodeMessage, queueTriggerMetadata, type ReceivedMessage } from './queue-message.ts';
import type { Worker } from './worker.ts';

/** While a message is worked on nobody else sees it; the extension holds it for ten minutes at a time. */
const PROCESSING_SECONDS = 600;
const FIRST_POLL_DELAY_MS = 100;
/** At most what host.json says (`maxPollingInterval`), and that is too long to wait on a developer's machine. */
const MAX_POLL_DELAY_MS = 1000;

/** One queue's trigger, as `Microsoft.Azure.WebJobs.Extensions.Storage.Queues` has it in `QueueListener`. */
export class QueueListener {
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
    const delayMsMax = Math.min(this.#settings.maxPollingIntervalSeconds * 1000, MAX_POLL_DELAY_MS);
    let delayMs = FIRST_POLL_DELAY_MS;
    while (!signal.aborted) {
      const messages = await this.#receive(signal);
      if (messages.length > 0) {
        await Promise.all(messages.map((message) => this.#handle(message)));
        delayMs = FIRST_POLL_DELAY_MS;
        continue;
      }
      await delay(delayMs, undefined, { signal }).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, delayMsMax);
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
