// `zod/mini` and not `zod`: bundled and minified it is 14 KB and loads in 4 ms, where `zod` is 85 KB and 10 ms, at every
// cold start. It brings no messages of its own, which suits settings: ours say it in plain words and never hold a value.
import * as z from 'zod/mini';

/** Reads one setting's text. */
export type TextSchema<T> = z.ZodMiniType<T, string>;

/** Names a problem in plain words; never with the text itself, which may be a secret. */
export type Refuse = (problem: string) => void;

/** Names as a right `DOWNSTREAM_APIS` has them: anything else in a path may be a secret in the wrong place. */
const PRINTABLE_STEP =
  /^(?:[a-z0-9][a-z0-9-]{0,31}|baseUrl|safeMethods|timeoutSeconds|requestBytesMax|requestHeaders|responseHeaders|redirectOrigins|stepUp|maxAgeSeconds)$/;

/**
 * A schema out of a function that reads a text.
 *
 * @param read gives the value; or names every problem by `refuse`, and then what it gives does not count
 */
export function fromText<T>(read: (text: string, refuse: Refuse) => T): TextSchema<T> {
  return z.pipe(
    z.string({ error: missingOr('must be a text') }),
    z.transform((text, context) => {
      let refused = false;
      const value = read(text, (message) => {
        refused = true;
        context.issues.push({ code: 'custom', message, input: undefined });
      });
      return refused ? z.NEVER : value;
    }),
  );
}

/** The same texts, given as something else. */
export function mapped<A, B>(schema: TextSchema<A>, give: (value: A) => B): TextSchema<B> {
  return z.pipe(schema, z.transform(give));
}

/** One of a few words. */
export function oneOf<const W extends string>(...words: readonly [W, ...W[]]): TextSchema<W> {
  return fromText((text, refuse) => {
    const word = words.find((each) => each === text);
    if (word === undefined) refuse(`must be ${words.join(' or ')}`);
    return word ?? words[0];
  });
}

/** Some of a few words, each once, with `separator` between them; an empty text is none. */
export function listOf<const W extends string>(
  separator: string,
  words: readonly [W, ...W[]],
): TextSchema<readonly W[]> {
  return fromText((text, refuse) => {
    const each = text.split(separator).filter((part) => part !== '');
    const known = words.filter((word) => each.includes(word));
    if (each.some((part) => !words.includes(part as W))) refuse(`must be some of ${words.join(', ')}`);
    return known;
  });
}

/** A whole number within bounds, both included. */
export function wholeNumber(least: number, most: number): TextSchema<number> {
  return fromText((text, refuse) => {
    const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most)) refuse(`must be a whole number from ${least} to ${most}`);
    return number;
  });
}

/** What a schema says of a value of the wrong type: that it is not there, or what it should have been. */
export function missingOr(problem: string): (issue: { input?: unknown }) => string {
  return (issue) => (issue.input === undefined ? 'is missing' : problem);
}

/** An issue in plain words, behind the place that it is about: `graph.allow[1]: must begin with a method`. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  const place = issue.path.map(describeStep).join('').replace(/^\./, '');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}

function describeStep(step: PropertyKey): string {
  if (typeof step === 'number') return `[${step}]`;
  return typeof step === 'string' && PRINTABLE_STEP.test(step) ? `.${step}` : '';
}
