import type { HttpMethod } from '@azure/functions';

/** An HTTP trigger. */
export interface Route<Name extends string = string> {
  /** The function's name. */
  readonly name: Name;
  readonly methods: readonly HttpMethod[];
  /** In the Functions host's form, without a leading slash. */
  readonly route: string;
  /** Asked for by the platform's own probes, which know the instance and not the application's name. */
  readonly anyHost?: true;
}

/** A timer trigger, which runs with good settings alone. */
export interface Timer<Name extends string = string> {
  readonly name: Name;
  /** NCRONTAB. */
  readonly schedule: string;
  /** Also when an instance starts: only for what is harmless then, as instances come and go. */
  readonly runOnStartup?: boolean;
}

/**
 * A queue trigger, its queue in the Functions host's own storage. With mistaken settings its messages wait there; before
 * SESSIONS_NOT_BEFORE they are worked off, since what they ask for lets nobody in.
 */
export interface Queue<Name extends string = string> {
  /** The function's name, and the queue's. */
  readonly name: Name;
}
