import { callPure, same, textOf } from './functions.ts';
import { BicepError, type BinaryOperator, type Call, type Expression, type Place } from './syntax.ts';
import {
  type Fields,
  isFields,
  isList,
  isMarked,
  type Lambda,
  Reference,
  secret,
  unknown,
  type Value,
} from './values.ts';

/** What names and functions mean where an expression stands. */
export interface Names {
  /** Undefined for a name that nobody gave. */
  value(name: string): Value | undefined;
  /** Undefined where there is no such function here; those of Bicep that need their arguments alone are known anyway. */
  call(name: string, args: readonly Value[], place: Place): Value | undefined;
}

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** Named by the secrets that they bring into a template. */
export const SECRETS = /^(?:list[A-Z]\w*|getSecret)$/;
/** Bicep's own. */
export const NAMESPACES: readonly string[] = ['az', 'sys'];

/**
 * What an expression comes to.
 *
 * @throws {BicepError} where a name is not known, or Azure would refuse to evaluate it
 */
export function evaluate(expression: Expression, names: Names): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'text':
      return expression.parts.map((part) => (typeof part === 'string' ? part : hole(part, names))).join('');
    case 'object':
      return evaluateObject(expression, names);
    case 'array':
      return expression.items.flatMap(({ isSpread, value }) => {
        const item = evaluate(value, names);
        return isSpread ? listAt(item, value.place) : [item];
      });
    case 'for':
      return loopOver(expression, names).map((local) => evaluate(expression.body, local));
    case 'if':
      throw new BicepError(expression.place, '"if" where a value is asked for');
    case 'name':
      return valueCalled(expression, names);
    case 'member':
      return memberOf(evaluate(expression.of, names), expression.name, expression);
    case 'index':
      return evaluateIndex(expression, names);
    case 'nested':
      return memberOf(evaluate(expression.of, names), `::${expression.name}`, { ...expression, isSafe: false });
    case 'call':
      return evaluateCall(expression, names);
    case 'lambda':
      return lambdaOf(expression, names);
    case 'unary':
      return evaluateUnary(expression, names);
    case 'binary':
      return evaluateBinary(expression, names);
    case 'choice':
      return evaluate(isTrue(expression.condition, names) ? expression.then : expression.otherwise, names);
  }
}

/** @throws {BicepError} where it is neither true nor false before anything is deployed */
export function isTrue(expression: Expression, names: Names): boolean {
  const value = evaluate(expression, names);
  return typeof value === 'boolean' ? value : fail(expression.place, `${JSON.stringify(value)} as a condition`);
}

/** The names inside a loop, for each time round. */
export function loopOver({ item, index, over }: Of<'for'>, names: Names): readonly Names[] {
  const items = listAt(evaluate(over, names), over.place);
  return items.map((value, position) =>
    withLocals(names, { [item]: value, ...(index !== null && { [index]: position }) }),
  );
}

export function withLocals(names: Names, locals: Fields): Names {
  return { ...names, value: (name) => (Object.hasOwn(locals, name) ? locals[name] : names.value(name)) };
}

function valueCalled({ name, place }: Of<'name'>, names: Names): Value {
  const value = names.value(name);
  return value === undefined ? fail(place, `nothing here is called "${name}"`) : value;
}

function hole(expression: Expression, names: Names): string {
  const value = evaluate(expression, names);
  if (value instanceof Reference || typeof value === 'function') fail(expression.place, 'no text can be made of it');
  return orFail(expression.place, () => textOf(value));
}

function evaluateObject({ entries }: Of<'object'>, names: Names): Fields {
  const made: Record<string, Value> = {};
  for (const entry of entries) {
    const value = evaluate(entry.value, names);
    if (entry.kind === 'entry') {
      const key = textOf(evaluate(entry.key, names));
      if (Object.hasOwn(made, key)) fail(entry.place, `"${key}" twice in one object`);
      made[key] = value;
    } else if (isFields(value)) Object.assign(made, value);
    else if (value !== null) fail(entry.place, '"..." of what is no object');
  }
  return made;
}

interface Access {
  readonly isSafe: boolean;
  readonly place: Place;
}

function memberOf(of: Value, name: string, { isSafe, place }: Access): Value {
  if (of instanceof Reference) return isSafe && of.isAbsent ? null : orFail(place, () => of.member(name));
  if (isMarked(of)) return unknown(`${of.slice(1, -1)}.${name}`);
  if (isFields(of)) {
    const value = of[name];
    if (value !== undefined) return value;
    return isSafe ? null : fail(place, `no "${name}" in ${JSON.stringify(Object.keys(of))}`);
  }
  return of === null && isSafe ? null : fail(place, `"${name}" of ${JSON.stringify(of)}`);
}

function evaluateIndex({ of, index, isSafe, fromEnd, place }: Of<'index'>, names: Names): Value {
  const whole = evaluate(of, names);
  const key = evaluate(index, names);
  if (typeof key === 'string') return memberOf(whole, key, { isSafe, place });
  if (isMarked(whole)) return unknown(`${whole.slice(1, -1)}[${key}]`);
  const item = listAt(whole, place).at(fromEnd ? -Number(key) : Number(key));
  return item ?? (isSafe ? null : fail(place, `no item ${key}`));
}

function evaluateCall(call: Call & { readonly place: Place }, names: Names): Value {
  const { of, name, args, place } = call;
  const isNamespaced = of === null || (of.kind === 'name' && NAMESPACES.includes(of.name));
  if (SECRETS.test(name)) return secret(`${of === null ? '' : `${describe(of)}.`}${name}()`);
  const given = args.map((arg) => evaluate(arg, names));
  if (!isNamespaced) return callMember(evaluate(of, names), name, given, place);
  return orFail(place, () => {
    const value = names.call(name, given, place) ?? callPure(name, given);
    return value === undefined ? fail(place, `no function "${name}" is known here`) : value;
  });
}

function callMember(of: Value, name: string, args: readonly Value[], place: Place): Value {
  const member = memberOf(of, name, { isSafe: false, place });
  return typeof member === 'function' ? member(...args) : fail(place, `"${name}" is no function`);
}

const describe = (expression: Expression): string => (expression.kind === 'name' ? expression.name : expression.kind);

function lambdaOf({ parameters, body }: Of<'lambda'>, names: Names): Lambda {
  return (...args) =>
    evaluate(body, withLocals(names, Object.fromEntries(parameters.map((name, at) => [name, args[at] ?? null]))));
}

function evaluateUnary({ operator, operand, place }: Of<'unary'>, names: Names): Value {
  if (operator === '!') return !isTrue(operand, names);
  const value = evaluate(operand, names);
  if (typeof value !== 'number') fail(place, `"${operator}" before ${JSON.stringify(value)}`);
  return operator === '-' ? -value : value;
}

const ON_NUMBERS: Partial<Record<BinaryOperator, (a: number, b: number) => Value>> = {
  '*': (a, b) => a * b,
  '/': (a, b) => Math.trunc(a / b),
  '%': (a, b) => a % b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function evaluateBinary({ operator, left, right, place }: Of<'binary'>, names: Names): Value {
  if (operator === '&&') return isTrue(left, names) && isTrue(right, names);
  if (operator === '||') return isTrue(left, names) || isTrue(right, names);
  const a = evaluate(left, names);
  if (operator === '??') return a ?? evaluate(right, names);
  const b = evaluate(right, names);
  const onNumbers = ON_NUMBERS[operator];
  if (onNumbers !== undefined) {
    if (typeof a !== 'number' || typeof b !== 'number') fail(place, `"${operator}" is for numbers`);
    return onNumbers(a, b);
  }
  const isInsensitive = operator === '=~' || operator === '!~';
  const isSame = isInsensitive ? textOf(a).toLowerCase() === textOf(b).toLowerCase() : same(a, b);
  return operator.startsWith('!') ? !isSame : isSame;
}

function listAt(value: Value, place: Place): readonly Value[] {
  return isList(value) ? value : fail(place, `${JSON.stringify(value)} where an array is asked for`);
}

/** With the place in what is thrown. */
function orFail<T>(place: Place, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof BicepError) throw error;
    return fail(place, error instanceof Error ? error.message : String(error));
  }
}

function fail(place: Place, problem: string): never {
  throw new BicepError(place, problem);
}
