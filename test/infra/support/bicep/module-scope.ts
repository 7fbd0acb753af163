import { dirname, join } from 'node:path/posix';
import { callDeployment } from './deployment-functions.ts';
import { evaluate, type Names, withLocals } from './evaluate.ts';
import { checkImports, checkOutputs, typesOf } from './imports.ts';
import { checkParameter, checkTyped } from './parameters.ts';
import { type Instance, instancesOf, madeOf, type Site } from './resources.ts';
import { type Run, readFile } from './run.ts';
import {
  BicepError,
  type BicepFile,
  type Declaration,
  type Expression,
  type ModuleDeclaration,
  type Place,
} from './syntax.ts';
import { type Fields, isFields, Reference, secret, type Value } from './values.ts';

type Named<K extends Declaration['kind']> = Extract<Declaration, { kind: K }>;

/** Deploys what a module names; the second is the resource group that it goes to, where it says one. */
type DeployModule = (module: {
  readonly path: string;
  readonly parameters: Fields;
  readonly resourceGroup: string | null;
}) => ModuleScope;

/** One file as it is deployed: what its names mean, what it makes, what it puts out. */
export class ModuleScope implements Names {
  readonly #run: Run;
  readonly #file: BicepFile;
  readonly #parameters: Fields;
  readonly #site: Site;
  readonly #deployModule: DeployModule;
  readonly #values = new Map<string, Value>();
  readonly #instances = new Map<string, readonly Instance[]>();
  readonly #deployed = new Map<string, ModuleScope>();

  constructor(run: Run, file: BicepFile, parameters: Fields, resourceGroup: string, deployModule: DeployModule) {
    this.#run = run;
    this.#file = file;
    this.#parameters = parameters;
    this.#deployModule = deployModule;
    const isAtSubscription = this.#all('targetScope').some(({ scope }) => scope === 'subscription');
    this.#site = { target: run.target, resourceGroup: isAtSubscription ? null : resourceGroup };
    checkImports(run, file);
    checkOutputs(run, file);
    this.#checkParameters();
  }

  readonly value = (name: string): Value | undefined => {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const value = this.#compute(name);
    if (value !== undefined) this.#values.set(name, value);
    return value;
  };

  readonly call = (name: string, args: readonly Value[], place: Place): Value | undefined => {
    const own = this.#all('func').find((declaration) => declaration.name === name);
    if (own !== undefined) {
      const locals = Object.fromEntries(own.parameters.map((parameter, at) => [parameter.name, args[at] ?? null]));
      return evaluate(own.body, withLocals(this, locals));
    }
    const imported = this.#imported(name);
    if (imported !== undefined) return imported.scope.call(imported.name, args, place);
    return callDeployment(name, args, { site: this.#site, sources: this.#run.sources, file: this.#file.file });
  };

  deployAll(): void {
    for (const instance of this.#all('resource').flatMap((declaration) => this.#of(declaration))) this.#plan(instance);
    for (const make of this.#all('module').flatMap((declaration) => this.#modules(declaration))) make();
  }

  outputs(): Fields {
    const types = typesOf(this.#run, this.#file);
    return Object.fromEntries(
      this.#all('output').map((output) => {
        const value = evaluate(output.value, this);
        checkTyped(output, value, types);
        return [output.name, value];
      }),
    );
  }

  #all<K extends Declaration['kind']>(kind: K): readonly Named<K>[] {
    return this.#file.declarations.filter((declaration): declaration is Named<K> => declaration.kind === kind);
  }

  #compute(name: string): Value | undefined {
    // Outputs and metadata have names of their own kind, which nothing asks for.
    const declaration = (['param', 'var', 'resource', 'module'] as const)
      .flatMap((kind) => this.#all(kind))
      .find((one) => one.name === name);
    switch (declaration?.kind) {
      case 'param':
        return this.#parameter(declaration);
      case 'var':
        return evaluate(declaration.value, this);
      case 'resource':
        return oneOrAll(
          declaration.value,
          this.#of(declaration).map(({ reference }) => reference),
        );
      case 'module':
        return oneOrAll(declaration.value, this.#references(declaration));
      default: {
        const imported = this.#imported(name);
        return imported?.scope.value(imported.name);
      }
    }
  }

  #parameter(parameter: Named<'param'>): Value {
    const { name, decorators, default: fallback } = parameter;
    const given = this.#parameters[name];
    if (given === undefined) {
      const value = fallback === null ? null : evaluate(fallback, this);
      if (fallback !== null) checkTyped(parameter, value, typesOf(this.#run, this.#file));
      return value;
    }
    return decorators.some((decorator) => decorator.name === 'secure') ? secret(name) : given;
  }

  #checkParameters(): void {
    const own = this.#all('param');
    for (const name of Object.keys(this.#parameters)) {
      if (own.every((parameter) => parameter.name !== name)) this.#fail(`there is no parameter "${name}"`);
    }
    const types = typesOf(this.#run, this.#file);
    for (const parameter of own) {
      const given = this.#parameters[parameter.name];
      const isOptional = parameter.default !== null || parameter.type.kind === 'optional';
      if (given === undefined && !isOptional) this.#fail(`the parameter "${parameter.name}" is not given`);
      if (given !== undefined) checkParameter(parameter, given, types, this);
    }
  }

  #of(declaration: Named<'resource'>): readonly Instance[] {
    const known = this.#instances.get(declaration.name);
    if (known !== undefined) return known;
    const instances = instancesOf(declaration, this, null, this.#site);
    this.#instances.set(declaration.name, instances);
    return instances;
  }

  #plan(instance: Instance): void {
    const { declaration, isDeployed, standing } = instance;
    if (isDeployed && !declaration.isExisting) {
      const { parent: _, scope: __, dependsOn: ___, ...body } = standing.fields;
      this.#run.planned.push({
        symbol: declaration.name,
        file: this.#file.file,
        line: declaration.place.line,
        type: standing.type,
        apiVersion: declaration.apiVersion ?? '',
        name: standing.name,
        id: standing.id,
        scope: standing.scope,
        body,
      });
    }
    if (!isDeployed) return;
    for (const child of [...instance.children.values()].flat()) this.#plan(child);
  }

  #references(declaration: ModuleDeclaration): readonly Reference[] {
    const made = madeOf(declaration.value, this);
    const modules = this.#modules(declaration);
    return made.map(({ isDeployed }, index) => {
      const deployed = modules[index];
      return new Reference(declaration.name, !isDeployed, (name) => {
        if (!isDeployed || deployed === undefined) throw new Error(`"${declaration.name}" is not deployed here`);
        if (name !== 'outputs') throw new Error(`a module has outputs, not "${name}"`);
        return deployed()?.outputs() ?? {};
      });
    });
  }

  /** For each module of a declaration what deploys it, once. */
  #modules(declaration: ModuleDeclaration): readonly (() => ModuleScope | null)[] {
    return madeOf(declaration.value, this).map(({ body, names, isDeployed }, index) => () => {
      if (!isDeployed) return null;
      const key = `${declaration.name}[${index}]`;
      const known = this.#deployed.get(key);
      if (known !== undefined) return known;
      const fields = evaluate(body, names);
      if (!isFields(fields)) throw new BicepError(declaration.place, 'a module is an object');
      if (typeof fields.name === 'string') this.#run.deployments.push(fields.name);
      const parameters = isFields(fields.params) ? withoutNull(fields.params) : {};
      const made = this.#deployModule({ path: declaration.path, parameters, resourceGroup: groupOf(fields.scope) });
      this.#deployed.set(key, made);
      return made;
    });
  }

  #imported(name: string): { readonly scope: ModuleScope; readonly name: string } | undefined {
    for (const { names, path } of this.#all('import')) {
      const found = names.find((one) => one.as === name);
      if (found === undefined) continue;
      const file = readFile(this.#run, join(dirname(this.#file.file), path));
      return { scope: new ModuleScope(this.#run, file, {}, '', this.#deployModule), name: found.name };
    }
    return undefined;
  }

  #fail(problem: string): never {
    throw new BicepError({ file: this.#file.file, line: 1, column: 1 }, problem);
  }
}

/** A declaration in a loop is a list. */
const oneOrAll = (value: Expression, references: readonly Reference[]): Value | undefined =>
  value.kind === 'for' ? references : references[0];

/** A parameter that is given as null is as if it was not given. */
const withoutNull = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

function groupOf(scope: Value | undefined): string | null {
  if (scope instanceof Reference) return String(scope.member('name'));
  const name = isFields(scope) ? scope.name : undefined;
  return typeof name === 'string' ? name : null;
}
