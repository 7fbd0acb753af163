/** Does the same once for all who ask for it while it is under way. What came of it is not kept. */
export type Joined<T> = <R extends T>(key: string, work: () => Promise<R>) => Promise<R>;

/** @typeParam T whatever comes of one key is of one type */
export function createJoined<T>(): Joined<T> {
  const running = new Map<string, Promise<T>>();
  return <R extends T>(key: string, work: () => Promise<R>) => {
    const joined = running.get(key) as Promise<R> | undefined;
    if (joined !== undefined) return joined;
    const began = work().finally(() => running.delete(key));
    running.set(key, began);
    return began;
  };
}
