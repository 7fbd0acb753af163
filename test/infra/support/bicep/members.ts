import { BicepError, type BicepFile, type Expression, type Place, type Type } from './syntax.ts';

type Types = ReadonlyMap<string, Type>;
/** Null of what is not known. */
type Scope = ReadonlyMap<string, Type | null>;

/**
 * Members of parameters, as far as the file itself says of which types they are.
 *
 * @throws {BicepError} at the first that a type has not
 */
export function checkMembers({ declarations }: BicepFile): void {
  const types = new Map(declarations.flatMap((one) => (one.kind === 'type' ? [[one.name, one.type] as const] : [])));
  const scope = new Map(declarations.flatMap((one) => (one.kind === 'param' ? [[one.name, one.type] as const] : [])));
  for (const one of declarations) if ('value' in one) visit(one.value, scope, types);
}

function visit(part: unknown, scope: Scope, types: Types): void {
  if (typeof part !== 'object' || part === null) return;
  const expression = part as Expression;
  if (expression.kind === 'for') {
    const over = plain(typeOf(expression.over, scope, types), types);
    const item = over?.kind === 'list' ? over.of : null;
    visit(expression.over, scope, types);
    visit(expression.body, new Map([...scope, [expression.item, item], [expression.index ?? '', null]]), types);
  } else if (expression.kind === 'lambda') {
    visit(expression.body, new Map([...scope, ...expression.parameters.map((name) => [name, null] as const)]), types);
  } else {
    if (expression.kind === 'member') typeOf(expression, scope, types);
    for (const inner of Object.values(part)) visit(inner, scope, types);
  }
}

function typeOf(expression: Expression, scope: Scope, types: Types): Type | null {
  if (expression.kind === 'name') return scope.get(expression.name) ?? null;
  if (expression.kind === 'index') {
    const of = plain(typeOf(expression.of, scope, types), types);
    return of?.kind === 'list' ? of.of : null;
  }
  if (expression.kind !== 'member') return null;
  const of = plain(typeOf(expression.of, scope, types), types);
  return of === null ? null : memberOf(of, expression.name, expression.place);
}

function memberOf(type: Type, name: string, place: Place): Type | null {
  if (type.kind !== 'object') return null;
  const found = type.members.find((member) => member.name === name || member.name === '*');
  if (found === undefined) throw new BicepError(place, `"${name}" is no member of its type`);
  return found.type;
}

/** Without its name, and as if it were there. */
function plain(type: Type | null, types: Types): Type | null {
  if (type?.kind === 'optional') return plain(type.of, types);
  const alias = type?.kind === 'name' ? types.get(type.name) : undefined;
  return alias === undefined ? type : plain(alias, types);
}
