import type { WorkKind } from '../durable/work-message.ts';
import { isGuid } from '../settings/identifiers.ts';
import type { RetryQueue } from '../store/retry-queue.ts';
import type { Graph } from './graph.ts';
import type { UserChange } from './notifications.ts';
import type { Endpoint } from './subscription.ts';

/** The name of the queue, and of the function that it triggers. */
export const DIRECTORY_QUEUE = 'directory-events';

/** What the directory's door works with. */
export interface Directory {
  readonly tenant: string;
  readonly graph: Graph;
  /** Where notifications wait that were acknowledged. */
  readonly events: RetryQueue;
  readonly endpoint: Endpoint;
}

/** What waits in the queue: no more than names whom or what to ask Graph for, sealed like all that we queue. */
export type DirectoryWork = { /** When it came in, milliseconds since the epoch. */ readonly receivedAt: number } & (
  | {
      readonly kind: 'users';
      readonly changes: readonly UserChange[];
      /** Graph has been asked about them once, perhaps before its replicas knew. */
      readonly isSecondLook?: true;
    }
  /** Looks after the subscription; `reauthorize`: that one first. */
  | { readonly kind: 'subscription'; readonly reauthorize: string | null }
);

export const DIRECTORY_WORK: WorkKind<DirectoryWork> = {
  place: { purpose: 'directory-event', subject: '', location: [DIRECTORY_QUEUE] },
  isWork: isDirectoryWork,
};

function isDirectoryWork(value: unknown): value is DirectoryWork {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, receivedAt, changes, reauthorize } = value as Partial<Record<string, unknown>>;
  if (!Number.isSafeInteger(receivedAt)) return false;
  if (kind === 'subscription') return reauthorize === null || isId(reauthorize);
  return kind === 'users' && Array.isArray(changes) && changes.every(isUserChange);
}

function isUserChange(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { oid, change } = value as Partial<Record<string, unknown>>;
  return isId(oid) && (change === 'updated' || change === 'deleted');
}

const isId = (value: unknown): boolean => typeof value === 'string' && isGuid(value);
