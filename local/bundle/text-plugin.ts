import { readFile } from 'node:fs/promises';
import { extname, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { packageFolderOf } from './bundled-packages.ts';

const PREFIX = 'text:';
/** Modules that the application serves apart: the browser loads them, no other module has them inside. */
const SERVED = ['/exeunt.js'];
const BUILT = new Set(['.ts', '.css']);

/**
 * Lets a module import a file as text, by `text:` before its path. A `.ts` is bundled and minified as one ES module for
 * browsers, a `.css` is minified, any other file, a `.d.ts` too, comes as it is.
 */
export const textPlugin: Plugin = {
  name: 'text',
  setup({ onResolve, onLoad, initialOptions }) {
    const root = initialOptions.absWorkingDir ?? process.cwd();
    // Relative, since the path ends up in the source map: a bundle must not depend on where it was built.
    onResolve({ filter: /^text:/ }, ({ path, resolveDir }) => ({
      path: relative(root, resolve(resolveDir, path.slice(PREFIX.length))),
      namespace: 'text',
    }));
    onLoad({ filter: /./, namespace: 'text' }, async ({ path }) => ({
      contents: await textOf(resolve(root, path)),
      loader: 'text',
    }));
  },
};

async function textOf(path: string): Promise<string> {
  if (!BUILT.has(extname(path)) || path.endsWith('.d.ts')) return readFile(path, 'utf8');
  const { outputFiles, metafile } = await build({
    entryPoints: [path],
    bundle: true,
    external: SERVED,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  });
  // Neither the notices nor the bill of materials would know of it: the build around this one sees one text.
  const foreign = Object.keys(metafile.inputs).find((input) => packageFolderOf(input) !== null);
  if (foreign !== undefined) throw new Error(`${path} brings ${foreign}: what browsers get has no package in it`);
  return outputFiles.map(({ text }) => text.trimEnd()).join('');
}
