import { missingOr, type Schema, type Value, within } from './schema.ts';
import { fromText } from './text-schema.ts';
import { hasUniqueMembers } from './unique-members.ts';

/** An unknown member is named only where its name is a plain word: anything else may be a value in the wrong place. */
const PLAIN_WORD = /^[A-Za-z]{1,24}$/;

/** A setting's text as JSON. One that names a member twice would lose one of them, perhaps what should protect a route. */
export const json: Schema<unknown> = fromText((text, refuse) => {
  try {
    const read: unknown = JSON.parse(text);
    if (!hasUniqueMembers(text)) refuse('names a member twice, of which only the last would count');
    return read;
  } catch {
    // The parser's own message quotes the text.
    refuse('is not JSON');
    return undefined;
  }
});

type Members = Readonly<Record<string, Schema<unknown>>>;
type ReadAs<M extends Members> = { readonly [N in keyof M]: Value<M[N]> };

/** An object of these members and no others: a member that is misspelt would otherwise protect nothing. */
export function membersOnly<const M extends Members>(members: M): Schema<ReadAs<M>> {
  const known = Object.keys(members);
  return (value, refuse) => {
    if (!isObject(value)) {
      refuse('must be an object');
      return undefined;
    }
    const read = Object.entries(members).map(([name, schema]) => [
      name,
      schema(Object.hasOwn(value, name) ? value[name] : undefined, within(name, refuse)),
    ]);
    const unknown = Object.keys(value).filter((name) => !known.includes(name));
    if (unknown.length > 0) refuse(describeUnknown(unknown, known));
    return Object.fromEntries(read) as ReadAs<M>;
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describeUnknown(names: readonly string[], known: readonly string[]): string {
  const plain = names.filter((name) => PLAIN_WORD.test(name));
  const which =
    plain.length === names.length ? plain.join(', ') : [...plain, 'a name that is not a plain word'].join(', ');
  return `has an unknown member (${which}); known are ${new Intl.ListFormat('en-GB').format(known)}`;
}

/** A list of at least one. */
export function someOf<T>(what: string, one: Schema<T>): Schema<readonly T[]> {
  return (value, refuse) => {
    if (!Array.isArray(value)) {
      refuse(missingOr(value, `must be a list of ${what}s`));
      return undefined;
    }
    if (value.length === 0) refuse(`must have at least one ${what}`);
    return value.map((each, index) => one(each, within(index, refuse)) as T);
  };
}

/** A whole number within bounds, both included. */
export function wholeNumberMember(least: number, most: number): Schema<number> {
  return (value, refuse) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      refuse('must be a number');
      return undefined;
    }
    if (!Number.isSafeInteger(value)) refuse('must be a whole number');
    else if (value < least) refuse(`must be at least ${least}`);
    else if (value > most) refuse(`must be at most ${most}`);
    return value;
  };
}
