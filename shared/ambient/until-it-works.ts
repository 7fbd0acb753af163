/**
 * What takes long to make, made when it is first wanted and shared by all who want it. A failure is not kept: who asks next has
 * it tried anew.
 */
export function untilItWorks<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
