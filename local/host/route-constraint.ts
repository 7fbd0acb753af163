import { HostError } from './host-error.ts';

/** Says whether a route value (percent-decoded) satisfies the constraint. */
export type RouteConstraint = (value: string) => boolean;

const GUID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const INTEGER = /^\s*[+-]?\d+\s*$/;
const REAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

const isInteger = (bits: bigint) => (value: string) => {
  if (!INTEGER.test(value)) return false;
  const number = BigInt(value.trim().replace(/^\+/, ''));
  return number >= -(2n ** (bits - 1n)) && number < 2n ** (bits - 1n);
};
const isLong = isInteger(64n);
const isReal: RouteConstraint = (value) => REAL.test(value);

/** By name and number of arguments, as in `DefaultInlineConstraintResolver`. */
const CONSTRAINTS: Record<string, (a: number, b: number) => RouteConstraint> = {
  'int/0': () => isInteger(32n),
  'long/0': () => isLong,
  'bool/0': () => (value) => /^\s*(?:true|false)\s*$/i.test(value),
  'decimal/0': () => isReal,
  'double/0': () => isReal,
  'float/0': () => isReal,
  'guid/0': () => (value) => GUID.test(value),
  'alpha/0': () => (value) => /^[a-z]*$/i.test(value),
  'required/0': () => (value) => value !== '',
  'length/1': (length) => (value) => value.length === length,
  'length/2': (min, max) => (value) => value.length >= min && value.length <= max,
  'minlength/1': (min) => (value) => value.length >= min,
  'maxlength/1': (max) => (value) => value.length <= max,
  'min/1': (min) => (value) => isLong(value) && Number(value) >= min,
  'max/1': (max) => (value) => isLong(value) && Number(value) <= max,
  'range/2': (min, max) => (value) => isLong(value) && Number(value) >= min && Number(value) <= max,
};

/**
 * Parses one inline constraint, such as `int` or `maxlength(0)`.
 *
 * @throws HostError for one that this host does not know (it has no `regex`, `datetime`, `file`, `nonfile`)
 * @see https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-constraints
 */
export function parseRouteConstraint(text: string): RouteConstraint {
  const match = /^([a-z]+)(?:\(\s*(-?\d+)\s*(?:,\s*(-?\d+)\s*)?\))?$/i.exec(text);
  const args = [match?.[2], match?.[3]].filter((arg) => arg !== undefined).map(Number);
  const make = match?.[1] && CONSTRAINTS[`${match[1].toLowerCase()}/${args.length}`];
  if (!make) throw new HostError(`route constraint "${text}" is not known to this host`);
  return make(args[0] ?? 0, args[1] ?? 0);
}
