import { type Issue, missingOr, type Refuse, type Schema } from './schema.ts';

/** Names as a right `DOWNSTREAM_APIS` has them: anything else in a path may be a secret in the wrong place. */
const PRINTABLE_STEP =
  /^(?:[a-z0-9][a-z0-9-]{0,31}|baseUrl|safeMethods|timeoutSeconds|requestBytesMax|requestHeaders|responseHeaders|redirectOrigins|stepUp|maxAgeSeconds)$/;

/**
 * A schema out of a function that reads a text.
 *
 * @param read gives the value; or names every problem by `refuse`, and then what it gives does not count
 */
export function fromText<T>(read: (text: string, refuse: Refuse) => T): Schema<T> {
  return (value, refuse) => {
    if (typeof value === 'string') return read(value, refuse);
    refuse(missingOr(value, 'must be a text'));
    return undefined;
  };
}

/** One of a few words. */
export function oneOf<const W extends string>(...words: readonly [W, ...W[]]): Schema<W> {
  return fromText((text, refuse) => {
    const word = words.find((each) => each === text);
    if (word === undefined) refuse(`must be ${words.join(' or ')}`);
    return word ?? words[0];
  });
}

/** Some of a few words, each once, with `separator` between them; an empty text is none. */
export function listOf<const W extends string>(separator: string, words: readonly [W, ...W[]]): Schema<readonly W[]> {
  return fromText((text, refuse) => {
    const each = text.split(separator).filter((part) => part !== '');
    const known = words.filter((word) => each.includes(word));
    if (each.some((part) => !words.includes(part as W))) refuse(`must be some of ${words.join(', ')}`);
    return known;
  });
}

/** A whole number within bounds, both included. */
export function wholeNumber(least: number, most: number): Schema<number> {
  return fromText((text, refuse) => {
    const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most)) refuse(`must be a whole number from ${least} to ${most}`);
    return number;
  });
}

/** An issue in plain words, behind the place that it is about: `graph.allow[1]: must begin with a method`. */
export function describeIssue(issue: Issue): string {
  const place = issue.path.map(describeStep).join('').replace(/^\./, '');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}

function describeStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return PRINTABLE_STEP.test(step) ? `.${step}` : '';
}
