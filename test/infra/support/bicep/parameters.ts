import { evaluate, type Names } from './evaluate.ts';
import { BicepError, type Declaration, type ParameterDeclaration, type Type } from './syntax.ts';
import { type Fields, isFields, isList, isMarked, type Value } from './values.ts';

type Typed = Extract<Declaration, { kind: 'param' | 'output' }>;
type Types = ReadonlyMap<string, Extract<Declaration, { kind: 'type' }>>;

/** @throws {BicepError} where a value is none of a parameter's or an output's type */
export function checkTyped(declaration: Typed, value: Value, types: Types): void {
  const { kind, name, type, place } = declaration;
  const problem = problemWith(type, value, types);
  const what = kind === 'param' ? 'parameter' : kind;
  if (problem !== null) throw new BicepError(place, `the ${what} "${name}" ${problem}: ${JSON.stringify(value)}`);
}

/** @throws {BicepError} where a parameter is given what it does not take */
export function checkParameter(parameter: ParameterDeclaration, given: Value, types: Types, names: Names): void {
  const { name, decorators, place } = parameter;
  checkTyped(parameter, given, types);
  if (isMarked(given)) return;
  for (const decorator of decorators) {
    const [arg] = decorator.args;
    const limit = arg === undefined ? null : evaluate(arg, names);
    if (!isWithin(decorator.name, limit, given)) {
      throw new BicepError(
        place,
        `the parameter "${name}" goes against its @${decorator.name}: ${JSON.stringify(given)}`,
      );
    }
  }
}

function isWithin(decorator: string, limit: Value, given: Value): boolean {
  const length = typeof given === 'string' || isList(given) ? given.length : 0;
  switch (decorator) {
    case 'allowed':
      return isList(limit) && limit.includes(given);
    case 'minLength':
      return length >= Number(limit);
    case 'maxLength':
      return length <= Number(limit);
    case 'minValue':
      return Number(given) >= Number(limit);
    case 'maxValue':
      return Number(given) <= Number(limit);
    default:
      return true;
  }
}

/** What is wrong with a value, by its type; null where nothing is. */
function problemWith(type: Type, value: Value, types: Types): string | null {
  switch (type.kind) {
    case 'literal':
      return value === type.value || isMarked(value) ? null : `takes ${JSON.stringify(type.value)} alone`;
    case 'optional':
      return value === null ? null : problemWith(type.of, value, types);
    case 'union':
      return type.members.some((member) => problemWith(member, value, types) === null) ? null : 'takes none such';
    case 'list':
      if (!isList(value)) return 'takes a list';
      return value.map((item) => problemWith(type.of, item, types)).find((problem) => problem !== null) ?? null;
    case 'tuple':
      return isList(value) ? null : 'takes a list';
    case 'object':
      return isFields(value) ? problemWithMembers(type, value, types) : 'takes an object';
    case 'name':
      return problemWithNamed(type.name, value, types);
  }
}

type ObjectType = Extract<Type, { kind: 'object' }>;

function problemWithMembers({ members }: ObjectType, value: Fields, types: Types): string | null {
  for (const { name, type } of members) {
    if (name === '*' || name === null) continue;
    const inner = value[name];
    const problem =
      inner === undefined ? (type.kind === 'optional' ? null : 'is missing') : problemWith(type, inner, types);
    if (problem !== null) return `"${name}" ${problem}`;
  }
  return null;
}

function strangeIn(type: Type, value: Value): readonly string[] {
  if (type.kind !== 'object' || !isFields(value)) return [];
  return Object.keys(value).filter((name) => !type.members.some((member) => member.name === name));
}

function problemWithNamed(name: string, value: Value, types: Types): string | null {
  const alias = types.get(name);
  if (alias !== undefined) {
    const strange = alias.decorators.some((decorator) => decorator.name === 'sealed')
      ? strangeIn(alias.type, value)
      : [];
    return strange.length > 0 ? `has no ${strange.join(', ')}` : problemWith(alias.type, value, types);
  }
  const isRight = {
    string: typeof value === 'string',
    int: typeof value === 'number' || isMarked(value),
    bool: typeof value === 'boolean' || isMarked(value),
    array: isList(value),
    object: isFields(value),
  }[name];
  return isRight === false ? `takes ${name}` : null;
}
