import {
  BicepError,
  type BicepFile,
  type Entry,
  type Expression,
  type ModuleDeclaration,
  type ResourceDeclaration,
} from './syntax.ts';
import { walk } from './walk.ts';

const TARGETS = ['resourceGroup', 'subscription', 'managementGroup', 'tenant'];
const OF_MODULES = ['name', 'params', 'scope', 'dependsOn'];
/** All that says which one is meant; `uniqueName` and `appId` of those of Microsoft Graph. */
const OF_EXISTING = ['name', 'parent', 'scope', 'uniqueName', 'appId'];

/**
 * What Bicep wants of the form of declarations, whether or not a deployment comes by.
 *
 * @throws {BicepError} at the first that it would refuse
 */
export function checkForm({ declarations }: BicepFile): void {
  const [target, another] = declarations.filter((one) => one.kind === 'targetScope');
  if (another !== undefined) throw new BicepError(another.place, 'two of targetScope');
  if (target !== undefined && !TARGETS.includes(target.scope))
    throw new BicepError(target.place, `"${target.scope}" is nothing to deploy to`);
  for (const part of walk(declarations)) if (part.kind === 'object' && 'entries' in part) checkKeys(part);
  for (const one of declarations) {
    if (one.kind === 'resource') checkResource(one, null);
    else if (one.kind === 'module') checkModule(one);
    else if (one.kind === 'var' || one.kind === 'output') checkLoops(inLoop(one.value), false);
    else if (one.kind === 'param') checkLoops(one.default, false);
  }
}

type ObjectExpression = Extract<Expression, { kind: 'object' }>;

const keyOf = (entry: Entry): string | null =>
  entry.kind === 'entry' && entry.key.kind === 'literal' ? String(entry.key.value) : null;

function checkKeys({ entries }: ObjectExpression): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (key !== null && seen.has(key)) throw new BicepError(entry.place, `"${key}" twice in one object`);
    if (key !== null) seen.add(key);
  }
}

/** The object of a resource or a module. */
function bodyOf(value: Expression): ObjectExpression | null {
  if (value.kind === 'for' || value.kind === 'if') return bodyOf(value.body);
  return value.kind === 'object' ? value : null;
}

function checkResource(resource: ResourceDeclaration, parent: ResourceDeclaration | null): void {
  const { type, apiVersion, isExisting, value, place } = resource;
  if (parent === null && (apiVersion === null || !type.includes('/')))
    throw new BicepError(place, 'a resource has no type and version');
  if (parent !== null && type.includes('/')) throw new BicepError(place, 'a nested type has one part');
  if (parent?.value.kind === 'for') throw new BicepError(place, 'no resource stands in one of a loop');
  const body = bodyOf(value);
  const keys = (body?.entries ?? []).map(keyOf);
  const strange = isExisting ? keys.find((key) => key !== null && !OF_EXISTING.includes(key)) : undefined;
  if (strange !== undefined) throw new BicepError(place, `what exists has no "${strange}"`);
  if ((parent !== null || keys.includes('parent')) && keys.includes('scope'))
    throw new BicepError(place, "a child has its parent's scope");
  checkLoops(inLoop(value), true);
  for (const nested of body?.resources ?? []) checkResource(nested, resource);
}

function checkModule({ value, place }: ModuleDeclaration): void {
  for (const entry of bodyOf(value)?.entries ?? []) {
    const key = keyOf(entry);
    if (key !== null && !OF_MODULES.includes(key)) throw new BicepError(place, `a module has no "${key}"`);
    if (key === 'params' && entry.value.kind !== 'object') throw new BicepError(place, 'parameters are an object');
  }
  checkLoops(inLoop(value), true);
}

/** What stands in the loop that the whole of a declaration may be. */
const inLoop = (value: Expression): readonly Expression[] =>
  value.kind === 'for' ? [value.over, value.body] : [value];

/** @param isProperty whether only objects and arrays of a resource or a module are around: a property in them may be a loop */
function checkLoops(part: unknown, isProperty: boolean): void {
  if (typeof part !== 'object' || part === null) return;
  const expression = part as Partial<Expression>;
  if (expression.kind === 'for' && expression.place !== undefined)
    throw new BicepError(expression.place, 'a loop cannot stand here');
  if (expression.kind === 'object') {
    // Nested resources are looked at by themselves.
    for (const entry of (part as ObjectExpression).entries) checkLoopOf(entry, isProperty);
    return;
  }
  const isAround =
    isProperty && (expression.kind === undefined || expression.kind === 'array' || expression.kind === 'if');
  for (const inner of Object.values(part)) checkLoops(inner, isAround);
}

function checkLoopOf(entry: Entry, isProperty: boolean): void {
  if (isProperty && entry.value.kind === 'for' && keyOf(entry) !== null) checkLoops(inLoop(entry.value), false);
  else checkLoops(entry.value, isProperty);
}
