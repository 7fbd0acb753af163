import { createHash } from 'node:crypto';
import type { BundledPackage } from '../bundle/bundled-packages.ts';
import type { Project } from './app.ts';
import type { Files } from './zip.ts';

/** A package in the bundles, and how it came there. */
export interface Ingredient extends BundledPackage {
  /** SHA-512 of what the registry gave, in hex; null where the lock file has none. */
  readonly sha512: string | null;
  /** The bundles that it has put bytes into. */
  readonly bundles: readonly string[];
  /** purls of those packages of which its own code, as far as it is bundled, imports something. */
  readonly dependsOn: readonly string[];
}

interface Release {
  readonly project: Project;
  readonly zip: Uint8Array;
  readonly files: Files;
  readonly ingredients: readonly Ingredient[];
  readonly esbuild: string;
}

/** The package URL of an npm package. @see https://github.com/package-url/purl-spec */
export function purlOf({ name, version }: Pick<BundledPackage, 'name' | 'version'>): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/**
 * What the zip is made of, as CycloneDX 1.6: the zip by its hash, in it the files by theirs, and every package of which one of
 * them has code. It has no date and no random number, so that the same release gives the same bytes.
 *
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function sbomOf({ project, zip, files, ingredients, esbuild }: Release): string {
  const refs = ingredients.map(purlOf);
  const inFile = (path: string) => ingredients.filter(({ bundles }) => bundles.includes(path)).map(purlOf);
  const paths = [...files.keys()].toSorted();
  return `${JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      serialNumber: `urn:uuid:${uuidOf(zip)}`,
      version: 1,
      metadata: {
        lifecycles: [{ phase: 'build' }],
        tools: { components: [{ type: 'application', name: 'esbuild', version: esbuild }] },
        component: {
          type: 'application',
          'bom-ref': project.name,
          name: project.name,
          version: project.version,
          hashes: [sha256(zip)],
          licenses: licencesOf(project.license),
          components: paths.map((path) => ({
            type: 'file',
            'bom-ref': path,
            name: path,
            hashes: [sha256(files.get(path) ?? new Uint8Array())],
          })),
        },
      },
      components: ingredients.map(componentOf),
      dependencies: [
        { ref: project.name, dependsOn: paths },
        ...paths.map((path) => ({ ref: path, dependsOn: inFile(path) })),
        ...ingredients.map(({ dependsOn }, index) => ({ ref: refs[index], dependsOn })),
      ],
    },
    null,
    2,
  )}\n`;
}

function componentOf(ingredient: Ingredient): object {
  const { name, version, licence, author, sha512 } = ingredient;
  const [unscoped = name, group] = name.split('/').reverse();
  const purl = purlOf(ingredient);
  return {
    type: 'library',
    'bom-ref': purl,
    ...(group !== undefined && { group }),
    name: unscoped,
    version,
    ...(author !== null && { author }),
    ...(sha512 !== null && { hashes: [{ alg: 'SHA-512', content: sha512 }] }),
    licenses: licencesOf(licence),
    purl,
  };
}

/** One licence by its SPDX id, several by an SPDX expression. */
function licencesOf(licence: string): object[] {
  return [/\s/.test(licence) ? { expression: licence } : { license: { id: licence } }];
}

const sha256 = (bytes: Uint8Array) => ({ alg: 'SHA-256', content: createHash('sha256').update(bytes).digest('hex') });

/** Version 8 of RFC 9562: what is in it is ours to say, and here it is a hash. */
function uuidOf(bytes: Uint8Array): string {
  const hash = createHash('sha256').update(bytes).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
