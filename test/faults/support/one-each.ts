import type { Ground } from './ground.ts';

/** Raises something the first time that it is needed on a ground, and the same ever after. */
export function oneEach<T>(raise: (ground: Ground) => Promise<T>): (ground: Ground) => Promise<T> {
  const raised = new WeakMap<Ground, Promise<T>>();
  return (ground) => {
    const known = raised.get(ground) ?? raise(ground);
    raised.set(ground, known);
    return known;
  };
}
