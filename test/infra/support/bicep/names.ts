import { ARITIES, problemWithCount } from './arities.ts';
import { NAMESPACES, SECRETS } from './evaluate.ts';
import {
  BicepError,
  type BicepFile,
  type Call,
  type Declaration,
  type Expression,
  type Place,
  type Type,
} from './syntax.ts';
import { walk } from './walk.ts';

/** Types that nobody has to declare. */
const AMBIENT_TYPES = [
  'any',
  'array',
  'bool',
  'int',
  'object',
  'resource',
  'resourceInput',
  'resourceOutput',
  'string',
];
/** Another value each time: no deployment would be like the one before. */
const FOR_DEFAULTS_ALONE = ['newGuid', 'utcNow'];

/** What may be asked for where an expression stands. */
interface Scope {
  /** What is wrong with a name; null where it is known. */
  problemWith(name: string): string | null;
  readonly functions: ReadonlySet<string>;
  readonly isDefault: boolean;
}

/**
 * Names as Bicep binds them, whether or not a deployment comes by: each declared once, and each declared that is used.
 *
 * @throws {BicepError} at the first that is not
 */
export function checkNames({ declarations }: BicepFile): void {
  checkDeclared(declarations);
  const named = (...kinds: readonly Declaration['kind'][]) =>
    declarations.flatMap((one) => (kinds.includes(one.kind) && 'name' in one ? [one.name] : []));
  const imported = declarations.flatMap((one) => (one.kind === 'import' ? one.names.map(({ as }) => as) : []));
  const functions = new Set([...named('func'), ...imported]);
  const values = new Set([...named('param', 'var', 'resource', 'module'), ...imported]);
  const types = new Set([...AMBIENT_TYPES, ...NAMESPACES, ...named('type'), ...imported]);
  const parameters = new Set(named('param'));
  const knowing = (known: ReadonlySet<string>, isDefault = false): Scope => ({
    problemWith: (name) => {
      if (known.has(name)) return null;
      return isDefault && values.has(name) ? `a default takes parameters alone, not "${name}"` : unknownName(name);
    },
    functions,
    isDefault,
  });
  for (const one of declarations) {
    if ('type' in one && typeof one.type === 'object') checkType(one.type, types);
    if (one.kind === 'param') visit(one.default, knowing(parameters, true));
    else if (one.kind === 'func') {
      for (const { type } of one.parameters) checkType(type, types);
      visit(one.body, knowing(new Set([...named('var'), ...imported, ...one.parameters.map(({ name }) => name)])));
    } else if ('value' in one) visit(one.value, knowing(values));
  }
}

const unknownName = (name: string): string => `nothing here is called "${name}"`;

function checkDeclared(declarations: readonly Declaration[]): void {
  const seen = { output: new Set<string>(), metadata: new Set<string>(), other: new Set<string>() };
  for (const one of declarations) {
    if (one.kind === 'targetScope') continue;
    const names = one.kind === 'import' ? one.names.map(({ as }) => as) : [one.name];
    const kind = one.kind === 'output' || one.kind === 'metadata' ? one.kind : 'other';
    for (const name of names) {
      const what = kind === 'other' ? `"${name}"` : `the ${kind} "${name}"`;
      if (seen[kind].has(name)) throw new BicepError(one.place, `${what} is declared twice`);
      if (kind === 'other' && NAMESPACES.includes(name))
        throw new BicepError(one.place, `"${name}" is a name of Bicep's own`);
      seen[kind].add(name);
    }
  }
}

function checkType(type: Type, known: ReadonlySet<string>): void {
  for (const part of walk(type) as Generator<Type>) {
    const [root = ''] = part.kind === 'name' ? part.name.split('.') : [];
    if (part.kind === 'name' && !known.has(root)) throw new BicepError(part.place, `no type is called "${root}"`);
  }
}

function visit(part: unknown, scope: Scope): void {
  if (typeof part !== 'object' || part === null) return;
  if (!('kind' in part)) {
    for (const inner of Object.values(part)) visit(inner, scope);
    return;
  }
  const node = part as Expression;
  switch (node.kind) {
    case 'name': {
      const problem = scope.problemWith(node.name);
      if (problem !== null) throw new BicepError(node.place, problem);
      break;
    }
    case 'call':
      if (isOfBicep(node)) checkCall(node, scope);
      else visit(node.of, scope);
      visit(node.args, scope);
      break;
    case 'for':
      visit(node.over, scope);
      visit(node.body, within(scope, node.index === null ? [node.item] : [node.item, node.index], node.place));
      break;
    case 'lambda':
      visit(node.body, within(scope, node.parameters, node.place));
      break;
    case 'object': {
      const nested = node.resources;
      const own = within(scope, nested.map(nameOf), node.place);
      visit([node.entries, nested.map(({ value }) => value)], own);
      break;
    }
    default:
      for (const inner of Object.values(node)) visit(inner, scope);
  }
}

const nameOf = ({ name }: { readonly name: string }): string => name;

/** With names that hide those outside. */
function within(scope: Scope, locals: readonly string[], place: Place): Scope {
  const twice = locals.find((name, at) => locals.indexOf(name) !== at);
  if (twice !== undefined) throw new BicepError(place, `"${twice}" is declared twice`);
  return { ...scope, problemWith: (name) => (locals.includes(name) ? null : scope.problemWith(name)) };
}

const isOfBicep = ({ of }: Call): boolean => of === null || (of.kind === 'name' && NAMESPACES.includes(of.name));

function checkCall({ name, args, place }: Call & { readonly place: Place }, scope: Scope): void {
  if (scope.functions.has(name) || SECRETS.test(name)) return;
  const arity = Object.hasOwn(ARITIES, name) ? ARITIES[name] : undefined;
  if (arity === undefined) throw new BicepError(place, `no function "${name}" is known here`);
  if (FOR_DEFAULTS_ALONE.includes(name) && !scope.isDefault)
    throw new BicepError(place, `"${name}" is for defaults of parameters alone`);
  const problem = problemWithCount(name, arity, args.length);
  if (problem !== null) throw new BicepError(place, problem);
}
