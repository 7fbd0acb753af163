import type { Application } from '../application/application.ts';
import { type NotTaken, putWork, takeWork } from '../durable/work.ts';
import { type CarriedOut, carryOutDirectoryWork, REPLICAS_LAG_MILLISECONDS, type Rest } from './carry-out.ts';
import { DIRECTORY_WORK, type Directory } from './work.ts';

/** Who is told to wait longer than that asks again sooner. */
const RETRY_AFTER_SECONDS_MAX = 3_600;
/**
 * What could not be asked of Graph for so long is set aside for a person to look at: something is set up wrongly, and every
 * change in the directory adds to it. Sessions in use have been confirmed at the OP many times by then
 * (`SESSION_REVALIDATE_MINUTES`), and idle ones have ended.
 */
const WORK_MILLISECONDS_MAX = 24 * 3_600_000;

type Done = Pick<CarriedOut, 'attempts' | 'subscription'>;

export type WorkedOff =
  | ({ readonly outcome: 'done' } & Done)
  /** Back in the queue, what is left of it. */
  | ({ readonly outcome: 'again'; readonly tries: number } & Done & Pick<Rest, 'reason'>)
  /** It has been tried for a day. */
  | ({ readonly outcome: 'given-up'; readonly tries: number } & Done & Pick<Rest, 'reason'>)
  /** It has to go back, and the queue takes nothing: what brought the message must keep it. */
  | ({ readonly outcome: 'not-returned' } & Done & Pick<Rest, 'reason'>)
  | NotTaken;

/**
 * Does what a message of the queue says; what cannot be done now goes back with a back-off of its own, for a day: the platform's
 * own tries pass within seconds, and an outage of Graph does not.
 *
 * @param message what the queue holds
 */
export async function workOffDirectoryEvents(
  application: Application,
  directory: Directory,
  message: unknown,
): Promise<WorkedOff> {
  const { events } = directory;
  const taken = await takeWork(application, events, DIRECTORY_WORK, message);
  if (taken.outcome !== 'taken') return taken;
  const { work, tries } = taken;
  const { rest, secondLook, ...done } = await carryOutDirectoryWork(application, directory, work);
  if (secondLook !== null) {
    const delaySecondsMin = REPLICAS_LAG_MILLISECONDS / 1_000;
    const sent = await putWork(application, events, DIRECTORY_WORK, secondLook, { tries: 0, delaySecondsMin });
    if (sent !== 'sent') return { outcome: 'not-returned', reason: `queue: ${sent.reason}`, ...done };
  }
  if (rest === null) return { outcome: 'done', ...done };
  const { reason, retryAfterSeconds } = rest;
  if (application.store.ambient.now() - work.receivedAt > WORK_MILLISECONDS_MAX) {
    return { outcome: 'given-up', tries, reason, ...done };
  }
  const delaySecondsMin = Math.min(retryAfterSeconds, RETRY_AFTER_SECONDS_MAX);
  const sent = await putWork(application, events, DIRECTORY_WORK, rest.work, { tries, delaySecondsMin });
  // What was done already is done again with the message that is kept: that ends nothing more.
  if (sent !== 'sent') return { outcome: 'not-returned', reason: `${reason}, queue: ${sent.reason}`, ...done };
  return { outcome: 'again', tries, reason, ...done };
}
