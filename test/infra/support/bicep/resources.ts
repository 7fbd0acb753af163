import { answeredBy, type Standing, type Target } from './azure.ts';
import { evaluate, isTrue, loopOver, type Names } from './evaluate.ts';
import { BicepError, type Expression, type ResourceDeclaration } from './syntax.ts';
import { type Fields, isFields, Reference, unknown, type Value } from './values.ts';

/** Asked of a parent; nothing in Bicep is called so. */
const FULL_NAME = ':name';
/** Not Azure's resources: they have no id of its form, and a child's name is the whole one. */
const GRAPH = 'Microsoft.Graph/';

/** One resource that a declaration comes to; of a loop, one time round. */
export class Instance {
  readonly declaration: ResourceDeclaration;
  readonly isDeployed: boolean;
  readonly children = new Map<string, readonly Instance[]>();
  readonly #body: Expression;
  readonly #names: Names;
  readonly #parent: Instance | null;
  readonly #site: Site;
  #standing: (Standing & { readonly scope: string | null; readonly fields: Fields }) | undefined;

  constructor(declaration: ResourceDeclaration, made: Made, parent: Instance | null, site: Site) {
    this.declaration = declaration;
    this.isDeployed = made.isDeployed && (parent?.isDeployed ?? true);
    this.#body = made.body;
    this.#parent = parent;
    this.#site = site;
    const nested = made.body.kind === 'object' ? made.body.resources : [];
    const own: Names = { ...made.names, value: (name) => this.#child(name) ?? made.names.value(name) };
    this.#names = own;
    for (const child of nested) this.children.set(child.name, instancesOf(child, own, this, site));
  }

  get type(): string {
    const { type } = this.declaration;
    return this.#parent === null ? type : `${this.#parent.type}/${type}`;
  }

  get reference(): Reference {
    const { name: symbol } = this.declaration;
    return new Reference(symbol, !this.isDeployed, (name) => this.#member(symbol, name));
  }

  get standing() {
    this.#standing ??= this.#stand();
    return this.#standing;
  }

  #child(name: string): Value | undefined {
    return this.children.get(name)?.[0]?.reference;
  }

  #member(symbol: string, name: string): Value {
    if (name === FULL_NAME) return this.standing.name;
    if (name.startsWith('::')) return this.#child(name.slice(2)) ?? unknown(`${symbol}${name}`);
    const { standing } = this;
    if (name === 'id') return standing.id;
    if (name === 'type') return this.type;
    if (name === 'apiVersion') return this.declaration.apiVersion ?? '';
    const given = standing.fields[name];
    if (name === 'properties') {
      const fields = isFields(given) ? given : {};
      return new Reference(symbol, !this.isDeployed, (inner) =>
        this.#answered(symbol, `${name}.${inner}`, fields[inner]),
      );
    }
    return given ?? this.#answered(symbol, name, undefined);
  }

  #answered(symbol: string, path: string, given: Value | undefined): Value {
    if (!this.isDeployed) throw new Error(`"${symbol}" is not deployed here`);
    return given ?? answeredBy(this.standing, this.#site.target, symbol, path);
  }

  #stand() {
    const fields = evaluate(this.#body, this.#names);
    if (!isFields(fields)) throw new BicepError(this.declaration.place, 'a resource is an object');
    const { parent: named } = fields;
    const parent = this.#parent?.reference ?? (named instanceof Reference ? named : null);
    const { scope } = fields;
    const scopeId = scope instanceof Reference ? String(scope.member('id')) : null;
    const shortName = String(fields.name ?? fields.uniqueName ?? fields.appId ?? '');
    if (shortName === '') throw new BicepError(this.declaration.place, 'a resource has a name');
    if (!this.type.startsWith(GRAPH)) checkParts(this.declaration, shortName, parent === null ? this.type : null);
    // With the parent's own parents, which `name` does not say.
    const isWhole = parent === null || this.type.startsWith(GRAPH);
    const name = isWhole ? shortName : `${parent.member(FULL_NAME)}/${shortName}`;
    return { type: this.type, name, id: idOf(this.type, name, scopeId, this.#site), scope: scopeId, fields };
  }
}

/**
 * A name has a part for each of its type's; a child's has its own alone.
 *
 * @param type null of a child
 */
function checkParts({ place }: ResourceDeclaration, name: string, type: string | null): void {
  const wanted = type === null ? 1 : type.split('/').length - 1;
  // What only Azure knows has no slash.
  if (name.replace(/«[^»]*»/g, '').split('/').length === wanted) return;
  throw new BicepError(place, `a name of ${wanted} part${wanted === 1 ? '' : 's'} is wanted, not "${name}"`);
}

interface Made {
  readonly body: Expression;
  readonly names: Names;
  readonly isDeployed: boolean;
}

/** Where resources are made. */
export interface Site {
  readonly target: Target;
  /** Null at a subscription. */
  readonly resourceGroup: string | null;
}

export function instancesOf(
  declaration: ResourceDeclaration,
  names: Names,
  parent: Instance | null,
  site: Site,
): readonly Instance[] {
  return madeOf(declaration.value, names).map((made) => new Instance(declaration, made, parent, site));
}

/** The bodies that a resource or a module comes to: one, or one for each of a list; each deployed or not. */
export function madeOf(value: Expression, names: Names): readonly Made[] {
  if (value.kind === 'for') return loopOver(value, names).flatMap((local) => madeOf(value.body, local));
  if (value.kind === 'if') return [{ body: value.body, names, isDeployed: isTrue(value.condition, names) }];
  return [{ body: value, names, isDeployed: true }];
}

/** @see https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-resource#resourceid */
function idOf(type: string, name: string, scope: string | null, { target, resourceGroup }: Site): string {
  const subscription = `/subscriptions/${target.subscriptionId}`;
  if (type.startsWith(GRAPH)) return `${type}/${name}`;
  if (type === 'Microsoft.Resources/resourceGroups') return `${subscription}/resourceGroups/${name}`;
  const here = resourceGroup === null ? subscription : `${subscription}/resourceGroups/${resourceGroup}`;
  return `${scope ?? here}/providers/${interleave(type, name)}`;
}

/** `Namespace/a/b` and `x/y` as `Namespace/a/x/b/y`. */
export function interleave(type: string, name: string): string {
  const [namespace = '', ...types] = type.split('/');
  const names = name.split('/');
  return [namespace, ...types.flatMap((part, at) => [part, names[at] ?? ''])].join('/');
}
