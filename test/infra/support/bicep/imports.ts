import { dirname, join } from 'node:path/posix';
import { type Run, readFile } from './run.ts';
import { BicepError, type BicepFile, type Declaration } from './syntax.ts';
import { partsOf } from './walk.ts';

type Import = Extract<Declaration, { kind: 'import' }>;
type TypeDeclaration = Extract<Declaration, { kind: 'type' }>;

const importsOf = ({ declarations }: BicepFile): readonly Import[] =>
  declarations.filter((one): one is Import => one.kind === 'import');

const fileOf = (run: Run, { file }: BicepFile, { path }: Pick<Import, 'path'>): BicepFile =>
  readFile(run, join(dirname(file), path));

/** @throws {BicepError} where a file takes from another what that does not export */
export function checkImports(run: Run, file: BicepFile): void {
  for (const one of importsOf(file)) {
    const exported = fileOf(run, file, one).declarations.flatMap((declared) =>
      declared.decorators.some(({ name }) => name === 'export') && 'name' in declared ? [declared.name] : [],
    );
    const strange = one.names.find(({ name }) => name !== '*' && !exported.includes(name));
    if (strange !== undefined) throw new BicepError(one.place, `${one.path} has no "${strange.name}" to import`);
  }
}

/** @throws {BicepError} where a file asks a module for what that does not put out */
export function checkOutputs(run: Run, file: BicepFile): void {
  const modules = new Map(file.declarations.flatMap((one) => (one.kind === 'module' ? [[one.name, one]] : [])));
  for (const part of partsOf(file)) {
    if (part.kind !== 'member' || part.of.kind !== 'member' || part.of.name !== 'outputs') continue;
    const of = part.of.of.kind === 'index' ? part.of.of.of : part.of.of;
    const module = of.kind === 'name' ? modules.get(of.name) : undefined;
    if (module === undefined) continue;
    const { declarations } = fileOf(run, file, module);
    if (!declarations.some((one) => one.kind === 'output' && one.name === part.name))
      throw new BicepError(part.place, `${module.path} puts out no "${part.name}"`);
  }
}

/** The types of a file, and those that it takes from others. */
export function typesOf(run: Run, file: BicepFile): ReadonlyMap<string, TypeDeclaration> {
  const imported = importsOf(file).flatMap((one) => {
    const { declarations } = fileOf(run, file, one);
    return one.names.flatMap(({ name, as }) => {
      const found = declarations.find(
        (other): other is TypeDeclaration => other.kind === 'type' && other.name === name,
      );
      return found === undefined ? [] : [[as, found] as const];
    });
  });
  const own = file.declarations.filter((one): one is TypeDeclaration => one.kind === 'type');
  return new Map([...imported, ...own.map((one) => [one.name, one] as const)]);
}
