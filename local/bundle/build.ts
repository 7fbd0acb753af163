import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { contributions, readPackage } from './bundled-packages.ts';
import { BUNDLES } from './bundles.ts';
import { lazyPlugin } from './lazy-plugin.ts';
import { noticesOf } from './notices.ts';
import { textPlugin } from './text-plugin.ts';
import { undiciPlugin } from './undici-plugin.ts';

/** What the build makes, from its root: the files that Azure loads. Beside each lies its source map. */
export const OUTFILES: readonly string[] = Object.keys(BUNDLES).map((name) => `dist/${name}.cjs`);

/**
 * Makes `dist/` anew. The same sources and packages give the same bytes, in whatever folder they lie.
 *
 * @param root absolute path of the folder that has `functions/`, `shared/` and `node_modules/`
 * @returns what esbuild tells of what came from where
 * @throws where the sources do not build; esbuild has then told why, with file and line
 */
export async function buildBundles(root: string): Promise<Metafile> {
  await rm(join(root, 'dist'), { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: BUNDLES,
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minify: true,
    keepNames: false,
    sourcemap: 'linked',
    // They come whole, at the end.
    legalComments: 'none',
    // What is imported dynamically is required: Node's loader of ES modules would read a bundle once more, for its exports.
    supported: { 'dynamic-import': false },
    // The Storage SDK asks where it lies as an ES module does, which a CommonJS file does not know by that name.
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl=require('node:url').pathToFileURL(__filename).href;" },
    // Azure's worker gives the first at run time; it is on no registry. The second is wanted where it happens to be installed, and
    // here it is a test tool's.
    external: ['@azure/functions-core', 'supports-color'],
    plugins: [textPlugin, undiciPlugin, lazyPlugin(BUNDLES)],
    metafile: true,
  });
  for (const [file, folders] of contributions(metafile)) {
    await appendFile(join(root, file), noticesOf(folders.map((folder) => readPackage(root, folder))));
  }
  return metafile;
}
