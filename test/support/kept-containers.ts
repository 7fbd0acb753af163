import { parseSync } from '@swc/core';

type Node = { readonly type: string } & Readonly<Record<string, unknown>>;

const CONTAINERS = ['Map', 'Set', 'WeakMap', 'WeakSet', 'Array', 'LRUCache'];
const WRITES = ['set', 'add', 'push', 'unshift', 'splice'];

/**
 * The containers of a source that may outlive a call and grow: those that are written from within a function other than the
 * one, or the module, that makes them, those that are a field of a class, and every LRU cache.
 *
 * @returns their names, each once, in order of appearance
 */
export function keptContainers(source: string): string[] {
  const kept: string[] = [];
  /** Where each name was made, innermost last: how many functions deep. */
  const made = new Map<string, number>();
  const keep = (name: string): void => void (kept.includes(name) || kept.push(name));

  const visit = (node: Node, depth: number): void => {
    const { name, container } = declared(node);
    if (name !== null && container !== null) {
      made.set(name, depth);
      if (container === 'LRUCache' || isField(node)) keep(name);
    }
    const written = writtenIn(node);
    if (written !== null && depth > (made.get(written) ?? Number.POSITIVE_INFINITY)) keep(written);
    const below = isFunction(node) ? depth + 1 : depth;
    for (const child of childrenOf(node)) visit(child, below);
  };
  visit(parseSync(source, { syntax: 'typescript', target: 'es2024' }) as unknown as Node, 0);
  return kept;
}

const isField = ({ type }: Node): boolean => type === 'ClassProperty' || type === 'PrivateProperty';
const isFunction = ({ type }: Node): boolean => /Function|Method/.test(type) && !/Type/.test(type);

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';

/** In order, those in lists and in what swc wraps without a type (arguments, elements) too. */
function childrenOf(node: object): Node[] {
  return Object.values(node).flatMap((value: unknown): Node[] => {
    if (isNode(value)) return [value];
    return typeof value === 'object' && value !== null ? childrenOf(value) : [];
  });
}

/** What a declaration or a field is called, and the container that it makes, if it makes one. */
function declared(node: Node): { name: string | null; container: string | null } {
  if (node.type === 'VariableDeclarator') return { name: nameOf(node.id), container: containerOf(node.init) };
  if (isField(node)) return { name: nameOf(node.key), container: containerOf(node.value) };
  return { name: null, container: null };
}

function containerOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === 'ArrayExpression' || node.type === 'ObjectExpression') return node.type;
  const name = node.type === 'NewExpression' ? nameOf(node.callee) : null;
  return name !== null && CONTAINERS.includes(name) ? name : null;
}

/** Whom `x.set(…)` or `x[…] = …` writes to. */
function writtenIn(node: Node): string | null {
  const target = node.type === 'CallExpression' ? node.callee : node.type === 'AssignmentExpression' ? node.left : null;
  if (!isNode(target) || target.type !== 'MemberExpression') return null;
  const isCall = node.type === 'CallExpression';
  if (isCall && !WRITES.includes(nameOf(target.property) ?? '')) return null;
  if (!isCall && isNode(target.property) && target.property.type !== 'Computed') return null;
  return nameOf(target.object);
}

function nameOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === 'Identifier') return node.value as string;
  return node.type === 'PrivateName' ? `#${nameOf(node.id) ?? node.value}` : null;
}
