import { describe, expect, it } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { contributions, packageFolderOf } from '../../../local/bundle/bundled-packages.ts';
import { ingredientsOf } from '../../../local/package/ingredients.ts';

const MIT = { version: '1.0.0', licence: 'MIT', author: null, texts: [] };
const read = (folder: string) => ({ ...MIT, name: folder.replace(/.*node_modules\//, '') });

/** Files that a build has read, with what they import, and of each the bytes that it has put into the one bundle. */
function metafileOf(files: Readonly<Record<string, readonly [bytes: number, ...imports: string[]]>>): Metafile {
  const entries = Object.entries(files);
  return {
    inputs: Object.fromEntries(
      entries.map(([path, [bytes, ...imports]]) => [
        path,
        { bytes, imports: imports.map((each) => ({ path: each, kind: 'import-statement' as const })) },
      ]),
    ),
    outputs: {
      'dist/index.cjs.map': { bytes: 1, inputs: {}, imports: [], exports: [] },
      'dist/index.cjs': {
        bytes: 1,
        inputs: Object.fromEntries(entries.map(([path, [bytes]]) => [path, { bytesInOutput: bytes }])),
        imports: [],
        exports: [],
      },
    },
  };
}
const namesIn = (files: Parameters<typeof metafileOf>[0]) =>
  ingredientsOf(metafileOf(files), { packages: {} }, read).map(({ name }) => name);

describe('which package a file is of', () => {
  it.each([
    ['node_modules/jose/dist/index.js', 'node_modules/jose'],
    ['node_modules/@azure/identity/dist/a/b.js', 'node_modules/@azure/identity'],
    ['node_modules/jws/node_modules/@x/jwa/index.js', 'node_modules/jws/node_modules/@x/jwa'],
    ['../../elsewhere/node_modules/ms/index.js', '../../elsewhere/node_modules/ms'],
    ['shared/account/end.ts', null],
    ['undici:parts', null],
    ['text:shared/page/browser/page.css', null],
  ])('%s: %s', (path, folder) => {
    expect(packageFolderOf(path)).toBe(folder);
  });
});

describe('what a build is made of', () => {
  it('is every package that has put a byte into it, each once', () => {
    expect(
      namesIn({
        'functions/index.ts': [10],
        'node_modules/b/one.js': [1],
        'node_modules/b/other.js': [1],
        'node_modules/@a/a/index.js': [1],
      }),
    ).toEqual(['@a/a', 'b']);
  });

  it('is none that was read and left out whole', () => {
    expect(namesIn({ 'functions/index.ts': [10], 'node_modules/shaken/index.js': [0] })).toEqual([]);
  });

  it('has two versions of one package apart, and one version in two folders once', () => {
    const versions: Record<string, string> = { 'node_modules/a': '1.0.0', 'node_modules/b/node_modules/a': '2.0.0' };
    const metafile = metafileOf({
      'node_modules/a/index.js': [1],
      'node_modules/b/node_modules/a/index.js': [1],
      'node_modules/c/node_modules/a/index.js': [1],
    });
    const ingredients = ingredientsOf(metafile, { packages: {} }, (folder) => ({
      ...read(folder),
      version: versions[folder] ?? '2.0.0',
    }));
    expect(ingredients.map(({ version }) => version)).toEqual(['1.0.0', '2.0.0']);
  });

  it('knows the bundles by name, and what a package imports of others that are in it', () => {
    const metafile = metafileOf({
      'functions/index.ts': [10, 'node_modules/a/index.js'],
      'node_modules/a/index.js': [1, 'node_modules/a/more.js', 'node_modules/b/index.js', 'node_modules/gone/index.js'],
      'node_modules/a/more.js': [1],
      'node_modules/b/index.js': [1],
      'node_modules/gone/index.js': [0],
    });
    expect(contributions(metafile)).toEqual(new Map([['dist/index.cjs', ['node_modules/a', 'node_modules/b']]]));
    expect(ingredientsOf(metafile, { packages: {} }, read)).toMatchObject([
      { name: 'a', bundles: ['dist/index.cjs'], dependsOn: ['pkg:npm/b@1.0.0'] },
      { name: 'b', dependsOn: [] },
    ]);
  });

  it('has the hash of what the registry gave, wherever the packages lie', () => {
    const lock = { packages: { 'node_modules/a': { integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}` } } };
    const metafile = metafileOf({ '../node_modules/a/index.js': [1], 'node_modules/b/index.js': [1] });
    expect(ingredientsOf(metafile, lock, read).map(({ sha512 }) => sha512)).toEqual(['01'.repeat(64), null]);
  });
});
