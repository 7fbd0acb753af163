import { randomUUID } from 'node:crypto';
import type { TimerFunction } from './function-table.ts';
import { invoke, logFailure } from './invoke.ts';
import { nextOccurrence } from './ncrontab.ts';
import type { Worker } from './worker.ts';

/** Longer waits overflow `setTimeout`'s 32 bits. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

/**
 * Starts the timers; one that is still running is not started again, its next time is reckoned from its end.
 *
 * @returns stops them; resolves when the last invocation has ended
 */
export function startTimers(worker: Worker, timers: readonly TimerFunction[]): () => Promise<void> {
  const stops = timers.map((timer) => startTimer(worker, timer));
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

function startTimer(worker: Worker, timer: TimerFunction): () => Promise<void> {
  let stopped = false;
  let timeout: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let last = 0;

  const run = async () => {
    const due = nextOccurrence(timer.schedule, Date.now());
    await runTimer(worker, timer, last, due);
    last = Date.now();
  };
  const wait = (due: number) => {
    if (stopped) return;
    const remaining = due - Date.now();
    timeout = setTimeout(
      () => {
        if (due > Date.now()) wait(due);
        else running = run().finally(() => wait(nextOccurrence(timer.schedule, Date.now())));
      },
      Math.min(Math.max(remaining, 0), LONGEST_WAIT_MS),
    );
  };
  const first = nextOccurrence(timer.schedule, Date.now());
  if (timer.runOnStartup) running = run().finally(() => wait(nextOccurrence(timer.schedule, Date.now())));
  else wait(first);
  return () => {
    stopped = true;
    clearTimeout(timeout);
    return running;
  };
}

/** One invocation with what the timer extension hands over (`TimerInfo`). A failure goes to the log. */
async function runTimer(worker: Worker, timer: TimerFunction, last: number, next: number): Promise<void> {
  const json = JSON.stringify({
    Schedule: { AdjustForDST: true },
    ScheduleStatus: { Last: isoTime(last), Next: isoTime(next), LastUpdated: isoTime(last) },
    IsPastDue: false,
  });
  try {
    await invoke(worker, timer, {
      invocationId: randomUUID(),
      inputData: [{ name: timer.bindingName, data: { json } }],
      triggerMetadata: {},
    });
  } catch (error) {
    logFailure(timer.metadata.name, error);
  }
}

/** .NET's `DateTime.MinValue` stands for "never". */
const isoTime = (time: number) => (time === 0 ? '0001-01-01T00:00:00+00:00' : new Date(time).toISOString());
