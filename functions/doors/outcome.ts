import { type RefusalExtras, refuse } from '../../shared/http/answers.ts';
import type { Answer, IncomingRequest } from '../../shared/http/message.ts';
import type { Log } from '../../shared/log/log.ts';
import type { Receipt } from '../../shared/signout/receipt.ts';
import type { Attempted } from '../../shared/signout/retry.ts';
import type { Door } from '../../shared/signout/sign-out.ts';

/** A sign-out that is not done: what a door answers 503 for. */
type Undone = Exclude<Attempted, { outcome: 'signed-out' }>;

/** Says in the log that all a sign-out names is gone. */
export function logReceipt(log: Log, receipt: Receipt): void {
  log({ event: 'signout.completed', ...receipt, ms: receipt.goneAt - receipt.receivedAt });
}

/** Says, in the log and to whoever asked, that a sign-out is not done, and whether the queue goes on with it. */
export function refuseUndone(
  request: IncomingRequest,
  log: Log,
  door: Door,
  { outcome, reason }: Pick<Undone, 'outcome' | 'reason'>,
  extras: RefusalExtras = {},
): Answer {
  const queued = outcome === 'queued';
  log({ event: queued ? 'signout.queued' : 'signout.failed', door, reason });
  const headers = { 'retry-after': queued ? '5' : '1' };
  return refuse(request, queued ? 'signout_queued' : 'signout_unfinished', { ...extras, headers });
}
