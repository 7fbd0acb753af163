import { problemWithCount } from './arities.ts';
import {
  BicepError,
  type BicepFile,
  type Declaration,
  type Decorator,
  type Expression,
  type Place,
  type Type,
} from './syntax.ts';
import { walk } from './walk.ts';

/** What may carry decorators: a declaration by its kind, a member of a type. */
type Carrier = Declaration['kind'] | 'member';
type Basic = 'array' | 'bool' | 'int' | 'object' | 'string';

interface Kind {
  readonly carriers: readonly Carrier[];
  /** Types that it goes with; any unless said. */
  readonly types?: readonly Basic[];
  readonly args: readonly [least: number, most: number];
}

const TYPED: readonly Carrier[] = ['param', 'output', 'type', 'member'];
const EVERYTHING: readonly Carrier[] = [...TYPED, 'var', 'func', 'resource', 'module', 'extension', 'metadata'];
const limit = (...types: readonly Basic[]): Kind => ({ carriers: TYPED, types, args: [1, 1] });

/** @see https://github.com/Azure/bicep/blob/main/src/Bicep.Core/Semantics/Namespaces/SystemNamespaceType.cs */
const DECORATORS: Readonly<Record<string, Kind>> = {
  allowed: { carriers: ['param'], args: [1, 1] },
  batchSize: { carriers: ['resource', 'module'], args: [1, 1] },
  description: { carriers: EVERYTHING, args: [1, 1] },
  discriminator: { carriers: TYPED, types: ['object'], args: [1, 1] },
  export: { carriers: ['type', 'var', 'func'], args: [0, 0] },
  maxLength: limit('array', 'string'),
  maxValue: limit('int'),
  metadata: { carriers: TYPED, args: [1, 1] },
  minLength: limit('array', 'string'),
  minValue: limit('int'),
  nullIfNotFound: { carriers: ['resource'], args: [0, 0] },
  onlyIfNotExists: { carriers: ['resource'], args: [0, 0] },
  retryOn: { carriers: ['resource'], args: [1, 2] },
  sealed: { carriers: TYPED, types: ['object'], args: [0, 0] },
  secure: { carriers: TYPED, types: ['object', 'string'], args: [0, 0] },
};

interface Decorated {
  readonly kind: Carrier;
  readonly decorators: readonly Decorator[];
  readonly place: Place;
  readonly type: Type | null;
}

/** @throws {BicepError} at a decorator that Bicep has not, or that does not go with what carries it */
export function checkDecorators({ declarations }: BicepFile): void {
  const aliases = new Map(declarations.flatMap((one) => (one.kind === 'type' ? [[one.name, one.type] as const] : [])));
  for (const one of declarations) {
    const type = 'type' in one && typeof one.type === 'object' ? one.type : null;
    check({ ...one, type }, aliases);
    if (one.kind === 'resource' || one.kind === 'module') checkCollections(one);
    for (const part of type === null ? [] : (walk(type) as Generator<Type>)) {
      if (part.kind !== 'object' && part.kind !== 'tuple') continue;
      for (const member of part.members) check({ ...member, kind: 'member', place: part.place }, aliases);
    }
    for (const part of walk('value' in one ? one.value : null))
      if (part.kind === 'resource') check({ ...part, type: null }, aliases);
  }
}

function check({ kind, decorators, place, type }: Decorated, aliases: ReadonlyMap<string, Type>): void {
  const names = decorators.map(({ name }) => name);
  for (const [at, { name, args }] of decorators.entries()) {
    const known = Object.hasOwn(DECORATORS, name) ? DECORATORS[name] : undefined;
    if (known === undefined) throw new BicepError(place, `there is no decorator "${name}"`);
    if (names.indexOf(name) !== at) throw new BicepError(place, `@${name} twice`);
    if (!known.carriers.includes(kind)) throw new BicepError(place, `@${name} is not for: ${kind}`);
    const basic = type === null ? null : basicOf(type, aliases);
    if (basic !== null && known.types?.includes(basic) === false)
      throw new BicepError(place, `@${name} does not go with ${basic}`);
    const problem = problemWithCount(`@${name}`, known.args, args.length);
    if (problem !== null) throw new BicepError(place, problem);
    if (!args.every(isConstant)) throw new BicepError(place, `@${name} takes what is known beforehand`);
    if (name === 'allowed' && !(args[0]?.kind === 'array' && args[0].items.length > 0))
      throw new BicepError(place, '@allowed takes a list of some');
  }
}

function checkCollections(one: Extract<Declaration, { kind: 'resource' | 'module' }>): void {
  const has = (name: string): boolean => one.decorators.some((decorator) => decorator.name === name);
  if (has('batchSize') && one.value.kind !== 'for') throw new BicepError(one.place, '@batchSize is for loops');
  if (has('nullIfNotFound') && !(one.kind === 'resource' && one.isExisting))
    throw new BicepError(one.place, '@nullIfNotFound is for what exists');
}

/** Nothing that would have to be worked out. */
const isConstant = (expression: Expression): boolean =>
  [...walk(expression)].every(({ kind }) => ['literal', 'array', 'object', 'entry', 'unary'].includes(kind));

/** What a type comes down to; null where that is not known in this file, or it is of several. */
function basicOf(type: Type, aliases: ReadonlyMap<string, Type>): Basic | null {
  switch (type.kind) {
    case 'object':
      return 'object';
    case 'list':
    case 'tuple':
      return 'array';
    case 'optional':
      return basicOf(type.of, aliases);
    case 'union': {
      const [first = null, ...more] = new Set(type.members.map((member) => basicOf(member, aliases)));
      return more.length > 0 ? null : first;
    }
    case 'literal':
      return basicOfValue(type.value);
    case 'name': {
      const alias = aliases.get(type.name);
      if (alias !== undefined) return basicOf(alias, aliases);
      return (['array', 'bool', 'int', 'object', 'string'] as const).find((basic) => basic === type.name) ?? null;
    }
  }
}

function basicOfValue(value: string | number | boolean | null): Basic | null {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'int';
  return typeof value === 'boolean' ? 'bool' : null;
}
