import * as z from 'zod/mini';
import { fromText, missingOr, type TextSchema } from './text-schema.ts';

/** An unknown member is named only where its name is a plain word: anything else may be a value in the wrong place. */
const PLAIN_WORD = /^[A-Za-z]{1,24}$/;

/** A setting's text as JSON. */
export const json: TextSchema<unknown> = fromText((text, refuse) => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    refuse('is not JSON');
    return undefined;
  }
});

/** An object of these members and no others: a member that is misspelt would otherwise protect nothing. */
export function membersOnly<const M extends z.core.$ZodShape>(members: M) {
  return z.strictObject(members, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? describeUnknown(issue.keys, Object.keys(members)) : 'must be an object',
  });
}

function describeUnknown(names: readonly string[], known: readonly string[]): string {
  const plain = names.filter((name) => PLAIN_WORD.test(name));
  const which =
    plain.length === names.length ? plain.join(', ') : [...plain, 'a name that is not a plain word'].join(', ');
  return `has an unknown member (${which}); known are ${new Intl.ListFormat('en-GB').format(known)}`;
}

/** A list of at least one. */
export const someOf = <S extends z.core.$ZodType>(what: string, one: S) =>
  z
    .array(one, { error: missingOr(`must be a list of ${what}s`) })
    .check(z.minLength(1, { error: `must have at least one ${what}` }));

/** A whole number within bounds, both included. */
export const wholeNumberMember = (least: number, most: number) =>
  z
    .number({ error: 'must be a number' })
    .check(
      z.int({ error: 'must be a whole number' }),
      z.gte(least, { error: `must be at least ${least}` }),
      z.lte(most, { error: `must be at most ${most}` }),
    );
