/** A place in a value: names of members and numbers of entries, from the outside in. */
export type Path = readonly (string | number)[];

/** Names a problem in plain words; never with the value itself, which may be a secret. */
export type Refuse = (problem: string, at?: Path) => void;

/**
 * Reads a value: gives what it is read as, or names every problem by `refuse`, and then what it gives does not count.
 *
 * (Settings are read at every cold start, and this is all that they need: a library of schemas took as long as a third of an
 * empty function app's whole start.)
 */
export type Schema<T> = (value: unknown, refuse: Refuse) => T | undefined;

/** What a schema gives. */
export type Value<S> = S extends Schema<infer T> ? T : never;

/** What is wrong with a value, and where in it. */
export interface Issue {
  readonly message: string;
  readonly path: Path;
}

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly [Issue, ...Issue[]]; readonly value: T | undefined };

/** What a value is read as by a schema, or all that is wrong with it, and then also as much of it as could be read. */
export function readBy<T>(schema: Schema<T>, value: unknown): Read<T> {
  const issues: Issue[] = [];
  const read = schema(value, (message, path = []) => issues.push({ message, path }));
  const [first, ...others] = issues;
  return first === undefined ? { ok: true, value: read as T } : { ok: false, issues: [first, ...others], value: read };
}

/** What a schema reads, given as something else; `give` may refuse what is right in itself. */
export function mapped<A, B>(schema: Schema<A>, give: (value: A, refuse: Refuse) => B | undefined): Schema<B> {
  return (value, refuse) => {
    const read = readBy(schema, value);
    if (read.ok) return give(read.value, refuse);
    tell(read.issues, refuse);
    return undefined;
  };
}

/** The same for a value that is there; one that is not is `otherwise`. */
export function optional<T, const U>(schema: Schema<T>, otherwise: U): Schema<T | U> {
  return (value, refuse) => (value === undefined ? otherwise : schema(value, refuse));
}

export function tell(issues: readonly Issue[], refuse: Refuse): void {
  for (const { message, path } of issues) refuse(message, path);
}

/** Refuses at a place within. */
export function within(step: string | number, refuse: Refuse): Refuse {
  return (problem, at = []) => refuse(problem, [step, ...at]);
}

/** What is said of a value of the wrong type: that it is not there, or what it should have been. */
export function missingOr(value: unknown, problem: string): string {
  return value === undefined ? 'is missing' : problem;
}
