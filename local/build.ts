/**
 * `npm run build`: the file that Azure loads, `dist/index.cjs`, and beside it those that it loads when they are first needed;
 * each with its source map. With `--if-missing` a build that is there is left alone.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLES } from './bundle/bundles.ts';
import { lazyPlugin } from './bundle/lazy-plugin.ts';
import { textPlugin } from './bundle/text-plugin.ts';
import { undiciPlugin } from './bundle/undici-plugin.ts';

const OUTFILES = Object.keys(BUNDLES).map((name) => `dist/${name}.cjs`);
const ROOT = dirname(import.meta.dirname);

if (process.argv.includes('--if-missing') && OUTFILES.every((file) => existsSync(join(ROOT, file)))) process.exit(0);

const startedAt = performance.now();
await rm(join(ROOT, 'dist'), { recursive: true, force: true });
try {
  const { metafile } = await build({
    absWorkingDir: ROOT,
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
    legalComments: 'external',
    // What is imported dynamically is required: Node's loader of ES modules would read a bundle once more, for its exports.
    supported: { 'dynamic-import': false },
    // The Storage SDK asks where it lies as an ES module does, which a CommonJS file does not know by that name.
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl=require('node:url').pathToFileURL(__filename).href;" },
    // Azure's worker gives this one at run time; it is on no registry.
    external: ['@azure/functions-core'],
    plugins: [textPlugin, undiciPlugin, lazyPlugin(BUNDLES)],
    metafile: true,
  });
  const sizes = OUTFILES.map((file) => `${file}  ${Math.round((metafile.outputs[file]?.bytes ?? 0) / 1024)} KB`);
  console.log(`${sizes.join(', ')}, ${Math.round(performance.now() - startedAt)} ms`);
} catch {
  // esbuild has told what is wrong, with file and line.
  process.exitCode = 1;
}
