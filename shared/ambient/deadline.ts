/** Does `work` with a signal that aborts it after `milliseconds`. For what does not heed the signal there is `raceDeadline`. */
export async function withDeadline<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** The same for what may not heed the signal: rejects when the time is over, whatever becomes of the work. */
export function raceDeadline<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  // No `Promise.race`, and nobody listens to the signal: with every call of storage that would be a good part of what is done here.
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const { signal } = controller;
    const timer = setTimeout(() => {
      controller.abort();
      reject(signal.reason);
    }, milliseconds);
    work(signal)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject);
  });
}

/** Rejects when the signal aborts: to race what does not heed it, such as a managed identity's token. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
