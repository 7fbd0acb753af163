import { hashGuid, hashText, isFields, isList, isMarked, type Lambda, unknown, type Value } from './values.ts';

type Pure = (...args: readonly Value[]) => Value;

const text = (value: Value | undefined): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return titled(value);
  if (value === null || value === undefined) throw new Error('null where a text is asked for');
  return JSON.stringify(value);
};
// As Azure writes them.
const titled = (value: number | boolean): string => (typeof value === 'number' ? `${value}` : value ? 'True' : 'False');
const number = (value: Value | undefined): number => {
  if (typeof value !== 'number') throw new Error(`${JSON.stringify(value)} where a number is asked for`);
  return value;
};
const list = (value: Value | undefined): readonly Value[] => {
  if (value === undefined || !isList(value)) throw new Error(`${JSON.stringify(value)} where an array is asked for`);
  return value;
};
const lambda = (value: Value | undefined): Lambda => {
  if (typeof value !== 'function') throw new Error('a lambda is asked for');
  return value;
};
const fields = (value: Value | undefined) => {
  if (!isFields(value)) throw new Error(`${JSON.stringify(value)} where an object is asked for`);
  return value;
};

/** Of arguments one by one, or in one array. */
const numbersOf = (args: readonly Value[]): readonly number[] =>
  args.flatMap((arg) => (isList(arg) ? arg : [arg])).map(number);

const isEmpty = (value: Value | undefined): boolean =>
  value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

function contains(holder: Value | undefined, sought: Value | undefined): boolean {
  if (typeof holder === 'string') return holder.toLowerCase().includes(text(sought).toLowerCase());
  if (holder !== undefined && isList(holder)) return holder.some((item) => same(item, sought ?? null));
  return Object.keys(fields(holder)).some((name) => name.toLowerCase() === text(sought).toLowerCase());
}

export const same = (one: Value, other: Value): boolean => JSON.stringify(one) === JSON.stringify(other);

function substring(given: Value | undefined, start: Value | undefined, length: Value | undefined): string {
  const whole = text(given);
  const end = length === undefined ? whole.length : number(start) + number(length);
  // Azure refuses it, where JavaScript takes what there is.
  if (end > whole.length) throw new Error(`substring past the end of "${whole}"`);
  return whole.slice(number(start), end);
}

function format(pattern: Value | undefined, args: readonly Value[]): string {
  return text(pattern).replaceAll(/\{(\d+)(?::([^}]*))?\}/g, (_, index: string) => text(args[Number(index)]));
}

function union(args: readonly Value[]): Value {
  if (args.every(isList)) {
    const all = args.flatMap(list);
    return all.filter((item, index) => all.findIndex((other) => same(item, other)) === index);
  }
  return args.map(fields).reduce<Record<string, Value>>((merged, next) => {
    for (const [name, value] of Object.entries(next)) {
      const before = merged[name];
      merged[name] = isFields(before) && isFields(value) ? union([before, value]) : value;
    }
    return merged;
  }, {});
}

/** They tell of their arguments as a whole: what is not known in one of them stays readable in what they give. */
const OVER_ANYTHING: Readonly<Record<string, Pure>> = {
  array: (value = null) => (isList(value) ? value : [value]),
  bool: (value) => `${value}`.toLowerCase() === 'true',
  concat: (...args) => (args.every(isList) ? args.flatMap(list) : args.map(text).join('')),
  contains,
  empty: (value) => isEmpty(value),
  filter: (items, keep) => list(items).filter((item, index) => lambda(keep)(item, index)),
  first: (value) => (typeof value === 'string' ? value.charAt(0) : (list(value)[0] ?? null)),
  flatten: (lists) => list(lists).flatMap(list),
  format: (pattern, ...args) => format(pattern, args),
  guid: (...args) => hashGuid(args),
  items: (value) => Object.entries(fields(value)).map(([key, inner]) => ({ key, value: inner })),
  join: (items, between) => list(items).map(text).join(text(between)),
  json: (value) => JSON.parse(text(value)),
  last: (value) => (typeof value === 'string' ? value.slice(-1) : (list(value).at(-1) ?? null)),
  length: (value = null) => (typeof value === 'string' ? value.length : Object.keys(value ?? {}).length),
  map: (items, change) => list(items).map((item, index) => lambda(change)(item, index)),
  mapValues: (value, change) =>
    Object.fromEntries(Object.entries(fields(value)).map(([name, inner]) => [name, lambda(change)(inner)])),
  max: (...args) => Math.max(...numbersOf(args)),
  min: (...args) => Math.min(...numbersOf(args)),
  objectKeys: (value) => Object.keys(fields(value)),
  range: (start, count) => Array.from({ length: number(count) }, (_, index) => number(start) + index),
  reduce: (items, start = null, step) => list(items).reduce((sum, item) => lambda(step)(sum, item), start),
  shallowMerge: (merged) => Object.assign({}, ...list(merged).map(fields)),
  sort: (items, before) => [...list(items)].sort((a, b) => (lambda(before)(a, b) ? -1 : 1)),
  string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  toObject: (items, key, value) =>
    Object.fromEntries(
      list(items).map((item) => [text(lambda(key)(item)), value === undefined ? item : lambda(value)(item)]),
    ),
  union: (...args) => union(args),
  uniqueString: (...args) => hashText(13, 'abcdefghijklmnopqrstuvwxyz234567', args),
};

/** They take texts apart: of one that is not known here, what comes out is not known either. */
const OVER_TEXTS: Readonly<Record<string, Pure>> = {
  base64: (value) => Buffer.from(text(value)).toString('base64'),
  base64ToString: (value) => Buffer.from(text(value), 'base64').toString(),
  endsWith: (value, end) => text(value).toLowerCase().endsWith(text(end).toLowerCase()),
  indexOf: (value, sought) =>
    value !== undefined && isList(value)
      ? value.findIndex((item) => same(item, sought ?? null))
      : text(value).toLowerCase().indexOf(text(sought).toLowerCase()),
  int: (value) => (typeof value === 'number' ? value : Number.parseInt(text(value), 10)),
  padLeft: (value, length, fill = ' ') => text(value).padStart(number(length), text(fill)),
  replace: (value, from, to) => text(value).replaceAll(text(from), text(to)),
  skip: (value, count) => (typeof value === 'string' ? value : list(value)).slice(number(count)),
  split: (value, at) => {
    const separators = at !== undefined && isList(at) ? at.map(text) : [text(at)];
    const [first = ''] = separators;
    return separators.reduce((whole, next) => whole.replaceAll(next, first), text(value)).split(first);
  },
  startsWith: (value, start) => text(value).toLowerCase().startsWith(text(start).toLowerCase()),
  substring,
  take: (value, count) => (typeof value === 'string' ? value : list(value)).slice(0, number(count)),
  toLower: (value) => text(value).toLowerCase(),
  toUpper: (value) => text(value).toUpperCase(),
  trim: (value) => text(value).trim(),
  uri: (base, relative) => new URL(text(relative), text(base)).href,
  uriComponent: (value) => encodeURIComponent(text(value)),
};

/**
 * What a function of Bicep gives that needs nothing but its arguments; undefined where there is no such function.
 *
 * @throws {Error} where Azure would refuse the arguments
 * @see https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions
 */
export function callPure(name: string, args: readonly Value[]): Value | undefined {
  if (Object.hasOwn(OVER_ANYTHING, name)) return OVER_ANYTHING[name]?.(...args);
  if (!Object.hasOwn(OVER_TEXTS, name)) return undefined;
  return args.some(isMarked) ? unknown(`${name}(${args.map(text).join(', ')})`) : OVER_TEXTS[name]?.(...args);
}

/** As it stands in a text that has a hole for it. */
export const textOf = text;
