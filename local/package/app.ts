import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OUTFILES } from '../bundle/build.ts';
import type { Files } from './zip.ts';

/** What package.json says of the project, as far as it concerns what is deployed. */
export interface Project {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly main: string;
  readonly engines: Readonly<Record<string, string>>;
}

/**
 * All that Azure gets: the bundles, host.json, and a package.json that only says which bundle to load. No source maps: the same
 * build makes them again, and Node looks for none unless it is told to.
 *
 * @param root a folder with `dist/` built
 */
export async function appFiles(root: string, project: Project): Promise<Files> {
  const read = async (path: string) => [path, new Uint8Array(await readFile(join(root, path)))] as const;
  const files = await Promise.all([...OUTFILES, 'host.json'].map(read));
  return new Map([...files, ['package.json', new TextEncoder().encode(deployedPackageJson(project))]]);
}

/** Without dependencies, which are in the bundles, nobody has anything to install; without `type`, `.cjs` says it. */
function deployedPackageJson({ name, version, license, main, engines }: Project): string {
  return `${JSON.stringify({ name, version, license, private: true, main, engines }, null, 2)}\n`;
}
