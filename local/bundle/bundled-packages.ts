import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';

/** An npm package of which a bundle has code. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, as the package states it. */
  readonly licence: string;
  readonly author: string | null;
  /** The texts that have to go with every copy: licences and notices, each as its file has it. */
  readonly texts: readonly string[];
}

const INNERMOST_PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const TEXTS = /^(?:licen[cs]e|copying|notice|third.?party.?notices?)(?:[.-].*)?$/i;

/** The folder of the package that a file of the metafile lies in; null for a file of our own. */
export function packageFolderOf(path: string): string | null {
  return INNERMOST_PACKAGE.exec(path)?.[0] ?? null;
}

/**
 * The packages that have put bytes into each file of a build: what was read and then left out whole counts for nothing.
 *
 * @returns by the file's path, as the metafile has it, the folders of the packages, sorted
 */
export function contributions({ outputs }: Pick<Metafile, 'outputs'>): ReadonlyMap<string, readonly string[]> {
  const found = Object.entries(outputs).map(([file, { inputs }]) => {
    const given = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    const folders = given.map(([path]) => packageFolderOf(path)).filter((folder) => folder !== null);
    return [file, [...new Set(folders)].toSorted()] as const;
  });
  return new Map(found.filter(([file]) => !file.endsWith('.map')));
}

/**
 * Reads what a package says of itself.
 *
 * @param folder as the metafile has it, from the build's root
 * @throws Error where it states no licence: nobody may pass such code on
 */
export function readPackage(root: string, folder: string): BundledPackage {
  const path = resolve(root, folder);
  const { name, version, license, author } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${folder} states no licence`);
  const files = readdirSync(path).filter((file) => TEXTS.test(file));
  return {
    name,
    version,
    licence: license,
    author: (typeof author === 'string' ? author : author?.name) ?? null,
    // Line ends and blanks at them differ where nothing else does; a licence that is there once is enough.
    texts: files.toSorted().map((file) =>
      readFileSync(join(path, file), 'utf8')
        .replace(/[^\S\n]*\r?\n/g, '\n')
        .trim(),
    ),
  };
}
