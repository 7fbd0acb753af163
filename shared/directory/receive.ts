import type { Application } from '../application/application.ts';
import { putWork } from '../durable/work.ts';
import { parseNotifications } from './notifications.ts';
import { DIRECTORY_WORK, type Directory, type DirectoryWork } from './work.ts';

/** A message of a queue holds 64 KiB; one of these is done within seconds, and several are done at once. */
const CHANGES_A_MESSAGE_MAX = 100;

export type Received =
  /** In the queue, all that was ours. */
  | {
      readonly outcome: 'queued';
      readonly users: number;
      readonly lifecycle: number;
      /** Notifications that Graph could not deliver, and does not name. */
      readonly missed: boolean;
      readonly dropped: number;
    }
  | { readonly outcome: 'malformed' }
  /** The queue takes nothing: not acknowledged, so that Graph sends it again, for four hours. */
  | { readonly outcome: 'unavailable'; readonly reason: string };

/**
 * Takes in what Graph posts: reads it, drops what is not ours, and queues the rest. No table is touched, and Graph is asked
 * nothing: it waits for the answer, 3 s at most. What it sends twice is done twice, which ends nothing more.
 *
 * @param body parsed JSON, or what stands for none
 * @param receivedAt milliseconds since the epoch
 */
export async function receiveNotifications(
  application: Application,
  { tenant, endpoint, events }: Directory,
  body: unknown,
  receivedAt: number,
): Promise<Received> {
  const { isOurs } = endpoint.clientState;
  const notifications = parseNotifications(body, { tenant, isOurs, now: receivedAt });
  if (notifications === null) return { outcome: 'malformed' };
  const { changes, lifecycle, dropped } = notifications;
  const works: DirectoryWork[] = [];
  for (let from = 0; from < changes.length; from += CHANGES_A_MESSAGE_MAX) {
    works.push({ kind: 'users', changes: changes.slice(from, from + CHANGES_A_MESSAGE_MAX), receivedAt });
  }
  for (const each of lifecycle) {
    // Nothing in Graph says which were missed. The subscription is looked after in any case: it may be gone with them.
    const reauthorize = each.event === 'reauthorizationRequired' ? each.subscriptionId : null;
    works.push({ kind: 'subscription', reauthorize, receivedAt });
  }
  const sent = await Promise.all(works.map((work) => putWork(application, events, DIRECTORY_WORK, work, { tries: 0 })));
  for (const each of sent) if (each !== 'sent') return each;
  const missed = lifecycle.some(({ event }) => event === 'missed');
  return { outcome: 'queued', users: changes.length, lifecycle: lifecycle.length, missed, dropped };
}
