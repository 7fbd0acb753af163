import type { HttpMethod, StorageQueueHandler, TimerHandler } from '@azure/functions';
import type { Composition } from './compose.ts';
import type { Trigger } from './edge.ts';

/** An HTTP trigger. */
export interface Route {
  /** The function's name. */
  readonly name: string;
  readonly methods: readonly HttpMethod[];
  /** In the Functions host's form, without a leading slash. */
  readonly route: string;
  readonly trigger: Trigger;
  /** Asked for by the platform's own probes, which know the instance and not the application's name. */
  readonly anyHost?: true;
}

/** A timer trigger, which runs with good settings alone. */
export interface Timer {
  readonly name: string;
  /** NCRONTAB. */
  readonly schedule: string;
  /** Also when an instance starts: only for what is harmless then, as instances come and go. */
  readonly runOnStartup?: boolean;
  handler(composition: Composition): TimerHandler;
}

/** A queue trigger, its queue in the Functions host's own storage. With mistaken settings its messages wait there. */
export interface Queue {
  /** The function's name, and the queue's. */
  readonly name: string;
  handler(composition: Composition): StorageQueueHandler;
}
