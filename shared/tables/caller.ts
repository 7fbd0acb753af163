import type { Ambient } from '../ambient/ambient.ts';
import { raceDeadline } from '../ambient/deadline.ts';
import { DEADLINE, isAbsent, isTableMissing, isTransient, type Refusal, readRefusal } from './refusal.ts';

/** A call that storage has not answered by then is given up. */
export const STORAGE_CALL_DEADLINE_MILLISECONDS = 5_000;
/** A call is tried this often in all. */
const ATTEMPTS_MAX = 3;
const BACKOFF_MILLISECONDS = 100;

export type Called<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

const GIVEN_UP = { ok: false, refusal: DEADLINE } as const;

type Kind = 'look' | 'write';

export type Attempt<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Calls the service about one table, again and again while that helps and the deadline allows. Never throws: what the SDK
 * throws comes back as a refusal.
 *
 * A write is repeated too. Its first try may have taken effect with the answer lost: then a delete finds nothing (404), a
 * create is refused (409), and an update finds another ETag (412), so that nothing is ever written twice; whoever wrote
 * reads, and recognises what is their own (DESIGN, rule 8).
 *
 * @param kind before a write, which it is unless said otherwise, the table is created; for a look only once the service has
 *   said that it is missing
 */
export type Caller = <T>(attempt: Attempt<T>, kind?: Kind) => Promise<Called<T>>;

export interface CallerOptions {
  readonly ambient: Ambient;
  readonly deadlineMilliseconds: number;
  /** Creates the table; one that is there already, or that another may create only, is no error. */
  readonly createTable: Attempt<void>;
}

/**
 * A caller that creates its table before the first write, and again after the service said that it is missing. An instance
 * that starts looks at once: that a table is missing of which it knows nothing yet, it is told, and creates it then.
 */
export function createCaller({ ambient, deadlineMilliseconds, createTable }: CallerOptions): Caller {
  const table = createOnce(() => raceDeadline(deadlineMilliseconds, createTable));

  async function attemptOnce<T>(attempt: Attempt<T>, kind: Kind, signal: AbortSignal): Promise<Called<T>> {
    const isFirstLook = kind === 'look' && table.known() === 'nothing';
    try {
      if (kind === 'write' || table.known() === 'missing') await table.ensure();
      const value = await attempt(signal);
      table.isThere();
      return { ok: true, value };
    } catch (error) {
      const refusal = signal.aborted ? DEADLINE : readRefusal(error, ambient.now());
      if (isAbsent(refusal)) table.isThere();
      if (isTableMissing(refusal)) {
        if (isFirstLook) return attemptOnce(attempt, 'write', signal);
        // Whoever has seen it does not take this for a table without entities: to a call that would be a sign-out.
        table.forget();
      }
      return { ok: false, refusal };
    }
  }

  async function call<T>(attempt: Attempt<T>, kind: Kind, signal: AbortSignal): Promise<Called<T>> {
    const deadline = ambient.monotonic() + deadlineMilliseconds;
    for (let attempts = 1; ; attempts += 1) {
      const called = await attemptOnce(attempt, kind, signal);
      if (called.ok || attempts === ATTEMPTS_MAX || !isTransient(called.refusal)) return called;
      const wait = called.refusal.retryAfterMilliseconds ?? backoffMilliseconds(attempts, ambient);
      if (ambient.monotonic() + wait >= deadline) return called;
      await ambient.sleep(wait);
    }
  }

  // The signal alone would leave a call waiting for what does not heed it, such as a managed identity token. That the time is
  // over is all that this rejects for: what an attempt throws is a refusal.
  return (attempt, kind = 'write') =>
    raceDeadline(deadlineMilliseconds, (signal) => call(attempt, kind, signal)).catch(() => GIVEN_UP);
}

/** Doubles with every attempt; half of it is left to chance, so that instances do not come back together. */
function backoffMilliseconds(attempts: number, ambient: Ambient): number {
  const [byte = 0] = ambient.randomBytes(1);
  const most = BACKOFF_MILLISECONDS * 2 ** (attempts - 1);
  return Math.round((most / 2) * (1 + byte / 255));
}

/** What an instance knows of its table. */
interface KnownTable {
  known(): 'nothing' | 'there' | 'missing';
  /** Resolves when it is created, or was. One creation is shared among all who wait; one that failed is made again by the next. */
  ensure(): Promise<void>;
  isThere(): void;
  /** The service says that it is missing. */
  forget(): void;
}

function createOnce(create: () => Promise<void>): KnownTable {
  let known: ReturnType<KnownTable['known']> = 'nothing';
  let creation: Promise<void> | undefined;
  return {
    known: () => known,
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
    isThere() {
      known = 'there';
    },
    forget() {
      known = 'missing';
      creation = undefined;
    },
  };
}
