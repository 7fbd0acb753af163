import { CLOCK_SKEW_MILLISECONDS } from '../../../shared/ambient/clock-skew.ts';
import type { Asked } from '../asked.ts';
import { type Check, type Finding, ok, unknown, warn, wrong } from '../finding.ts';
import type { Reply } from '../reply.ts';

/** From here on no sign-in succeeds: tokens of an OP are not valid yet, or not any more. */
const FAR_MILLISECONDS = 60_000;

export const CLOCK_CHECKS: readonly Check[] = [
  {
    id: 'clocks',
    about:
      "the clock of the application, by its `Date`, and the OP's, and this machine's: within two seconds, as far as `Date`, which counts seconds, can tell",
    doc: 'docs/doctor.md#clocks',
    of: 'platform',
    judge: judgeClocks,
  },
];

/** How far a clock is ahead of this machine's, and by how much that may be wrong, milliseconds. */
interface Ahead {
  readonly by: number;
  readonly within: number;
}

function aheadOf(reply: Reply | null): Ahead | null {
  if (reply?.kind !== 'answered') return null;
  const date = Date.parse(reply.headers.date ?? '');
  if (Number.isNaN(date)) return null;
  const { sentAt, receivedAt } = reply;
  // The header has whole seconds: half of one later is the middle of what it can mean.
  return { by: date + 500 - (sentAt + receivedAt) / 2, within: 500 + (receivedAt - sentAt) / 2 };
}

function judgeClocks({ alive, metadataReply }: Asked): Finding {
  const app = aheadOf(alive);
  if (app === null) return unknown('The application sends no Date.');
  const op = aheadOf(metadataReply);
  const other = op ?? { by: 0, within: 0 };
  const apart = Math.max(0, Math.abs(app.by - other.by) - app.within - other.within);
  const whose = op === null ? 'this machine' : 'the OP';
  const detail = `${(apart / 1_000).toFixed(1)} s apart at least`;
  const todo = 'See which of the clocks is wrong. `Date` may be that of what stands in front.';
  if (apart > FAR_MILLISECONDS)
    return { ...wrong(`The application and ${whose} are over a minute apart.`, todo), detail };
  if (apart > CLOCK_SKEW_MILLISECONDS) {
    return { ...warn(`The application and ${whose} are more than two seconds apart.`, todo), detail };
  }
  return ok(`The application and ${whose} agree.`);
}
