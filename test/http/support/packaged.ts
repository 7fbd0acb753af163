import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';

/** What `npm run package` has made. */
export interface Packaged {
  readonly zip: Uint8Array;
  /** The zip's files by their paths, in its order. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly sbom: string;
  /** The source maps that the build has left beside what is in the zip. */
  readonly sourceMaps: readonly { readonly sources: readonly string[] }[];
  /** The zip's files, unpacked by nobody else's code. */
  readonly app: string;
}

/** tsconfig.json too: esbuild reads it. */
const SOURCES = ['functions', 'shared', 'local', 'host.json', 'package.json', 'package-lock.json', 'tsconfig.json'];

/**
 * Packs a copy of the sources, made anew in a folder of that name: the tests beside this one load what lies in the real one.
 *
 * @param environment over a minimal one
 */
export async function packCopy(folder: string, environment: Readonly<Record<string, string>> = {}): Promise<Packaged> {
  for (const source of SOURCES) cpSync(source, join(folder, source), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const { PATH = '' } = process.env;
  await promisify(execFile)(process.execPath, [join(folder, 'local/package.ts')], { env: { PATH, ...environment } });
  const release = (name: string) => readFileSync(join(folder, 'release', name));
  const zip = new Uint8Array(release('exeunt.zip'));
  const files = unzipSync(zip);
  const bundles = Object.keys(files).filter((path) => path.endsWith('.cjs'));
  const sourceMaps = bundles.map((path) => JSON.parse(readFileSync(join(folder, `${path}.map`), 'utf8')));
  return { zip, files, sbom: release('exeunt.cdx.json').toString(), sourceMaps, app: join(folder, 'release/app') };
}

/** An empty folder of its own outside of any project, and how to take it away. */
export function emptyFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'exeunt-package-'));
  return { path, remove: () => rmSync(path, { recursive: true }) };
}

/** A folder and all that it lies in. */
export function withParents(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...withParents(parent)];
}

/** Makes the folder and all on the way to it. */
export function folderIn(parent: string, path: string): string {
  const folder = join(parent, path);
  mkdirSync(folder, { recursive: true });
  return folder;
}
