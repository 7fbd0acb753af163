/**
 * Loads what an instance is about to need while it has nothing to do, each in a turn of the event loop of its own: a request that
 * comes meanwhile waits for one of them at the most. What cannot be loaded is met, and told, by whoever needs it.
 *
 * @param loads in the order in which they are needed
 */
export function preload([load, ...others]: readonly (() => Promise<unknown>)[]): void {
  if (load === undefined) return;
  setImmediate(async () => {
    await load().catch(() => undefined);
    preload(others);
  });
}
