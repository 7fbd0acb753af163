import type { Metafile } from 'esbuild';
import { type BundledPackage, contributions, packageFolderOf } from '../bundle/bundled-packages.ts';
import { type Ingredient, purlOf } from './sbom.ts';

/** package-lock.json, as far as it is read. */
export interface LockFile {
  readonly packages: Readonly<Record<string, { readonly integrity?: string }>>;
}

/**
 * The packages that a build has code of, each once, by name and version.
 *
 * @param read what a package says of itself, by its folder as the metafile has it
 */
export function ingredientsOf(
  metafile: Metafile,
  lock: LockFile,
  read: (folder: string) => BundledPackage,
): readonly Ingredient[] {
  const bundles = contributions(metafile);
  const folders = [...new Set([...bundles.values()].flat())];
  const purls = new Map(folders.map((folder) => [folder, purlOf(read(folder))]));
  const imported = importedPackages(metafile);
  const all = folders.map(
    (folder): Ingredient => ({
      ...read(folder),
      sha512: sha512Of(lock, folder),
      bundles: [...bundles].filter(([, inside]) => inside.includes(folder)).map(([file]) => file),
      dependsOn: sorted([...(imported.get(folder) ?? [])].flatMap((other) => purls.get(other) ?? [])),
    }),
  );
  return [...Map.groupBy(all, purlOf).values()]
    .map((same) => same.reduce(joined))
    .toSorted((one, other) => (purlOf(one) < purlOf(other) ? -1 : 1));
}

/** The same version may lie in several folders. */
function joined(one: Ingredient, other: Ingredient): Ingredient {
  const bundles = sorted([...one.bundles, ...other.bundles]);
  return { ...one, bundles, dependsOn: sorted([...one.dependsOn, ...other.dependsOn]) };
}

/** By a package's folder, the folders of the others that its files import from. */
function importedPackages({ inputs }: Metafile): ReadonlyMap<string, ReadonlySet<string>> {
  const edges = new Map<string, Set<string>>();
  for (const [path, { imports }] of Object.entries(inputs)) {
    const from = packageFolderOf(path);
    if (from === null) continue;
    const others = imports.map((each) => packageFolderOf(each.path)).filter((to) => to !== null && to !== from);
    edges.set(from, new Set([...(edges.get(from) ?? []), ...others.filter((to) => to !== null)]));
  }
  return edges;
}

/** npm's lock file has it in base64, as an integrity (https://www.w3.org/TR/sri/); it knows a package by its path from the root. */
function sha512Of({ packages }: LockFile, folder: string): string | null {
  const integrity = packages[folder.slice(folder.indexOf('node_modules/'))]?.integrity ?? '';
  const [, base64] = /(?:^|\s)sha512-(\S+)/.exec(integrity) ?? [];
  return base64 === undefined ? null : Buffer.from(base64, 'base64').toString('hex');
}

const sorted = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted();
