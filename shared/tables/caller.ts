import type { Ambient } from '../ambient/ambient.ts';
import { raceDeadline } from '../ambient/deadline.ts';
import { DEADLINE, isTableMissing, isTransient, type Refusal, readRefusal } from './refusal.ts';

/** A call that storage has not answered by then is given up. */
export const STORAGE_CALL_DEADLINE_MILLISECONDS = 5_000;
/** A call is tried this often in all. */
const ATTEMPTS_MAX = 3;
const BACKOFF_MILLISECONDS = 100;

export type Called<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

const GIVEN_UP = { ok: false, refusal: DEADLINE } as const;

export type Attempt<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Calls the service about one table, again and again while that helps and the deadline allows. Never throws: what the SDK
 * throws comes back as a refusal.
 *
 * A write is repeated too. Its first try may have taken effect with the answer lost: then a delete finds nothing (404), a
 * create is refused (409), and an update finds another ETag (412), so that nothing is ever written twice; whoever wrote
 * reads, and recognises what is their own (DESIGN, rule 8).
 */
export type Caller = <T>(attempt: Attempt<T>) => Promise<Called<T>>;

export interface CallerOptions {
  readonly ambient: Ambient;
  readonly deadlineMilliseconds: number;
  /** Creates the table; one that is there already, or that another may create only, is no error. */
  readonly createTable: Attempt<void>;
}

/** A caller that creates its table before the first call, and again after the service said that it is missing. */
export function createCaller({ ambient, deadlineMilliseconds, createTable }: CallerOptions): Caller {
  const table = createOnce(() => raceDeadline(deadlineMilliseconds, createTable));

  async function attemptOnce<T>(attempt: Attempt<T>, signal: AbortSignal): Promise<Called<T>> {
    try {
      await table.ensure();
      return { ok: true, value: await attempt(signal) };
    } catch (error) {
      const refusal = signal.aborted ? DEADLINE : readRefusal(error, ambient.now());
      if (isTableMissing(refusal)) table.forget();
      return { ok: false, refusal };
    }
  }

  async function call<T>(attempt: Attempt<T>, signal: AbortSignal): Promise<Called<T>> {
    const deadline = ambient.monotonic() + deadlineMilliseconds;
    for (let attempts = 1; ; attempts += 1) {
      const called = await attemptOnce(attempt, signal);
      if (called.ok || attempts === ATTEMPTS_MAX || !isTransient(called.refusal)) return called;
      const wait = called.refusal.retryAfterMilliseconds ?? backoffMilliseconds(attempts, ambient);
      if (ambient.monotonic() + wait >= deadline) return called;
      await ambient.sleep(wait);
    }
  }

  // The signal alone would leave a call waiting for what does not heed it, such as a managed identity token. That the time is
  // over is all that this rejects for: what an attempt throws is a refusal.
  return (attempt) => raceDeadline(deadlineMilliseconds, (signal) => call(attempt, signal)).catch(() => GIVEN_UP);
}

/** Doubles with every attempt; half of it is left to chance, so that instances do not come back together. */
function backoffMilliseconds(attempts: number, ambient: Ambient): number {
  const [byte = 0] = ambient.randomBytes(1);
  const most = BACKOFF_MILLISECONDS * 2 ** (attempts - 1);
  return Math.round((most / 2) * (1 + byte / 255));
}

/** Shares one creation among all who wait for it; one that failed is made again by the next. */
function createOnce(create: () => Promise<void>): { ensure(): Promise<void>; forget(): void } {
  let creation: Promise<void> | undefined;
  return {
    ensure() {
      if (creation === undefined) {
        const made = create();
        creation = made;
        made.catch(() => {
          if (creation === made) creation = undefined;
        });
      }
      return creation;
    },
    forget() {
      creation = undefined;
    },
  };
}
