/**
 * `npm run build`: the one file that Azure loads, `dist/index.cjs`, with its source map beside it. With `--if-missing` a
 * build that is there is left alone.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { textPlugin } from './bundle/text-plugin.ts';

const OUTFILE = 'dist/index.cjs';
const ROOT = dirname(import.meta.dirname);

if (process.argv.includes('--if-missing') && existsSync(join(ROOT, OUTFILE))) process.exit(0);

const startedAt = performance.now();
await rm(join(ROOT, 'dist'), { recursive: true, force: true });
try {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['functions/index.ts'],
    outfile: OUTFILE,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minify: true,
    keepNames: false,
    sourcemap: 'linked',
    legalComments: 'external',
    // The Storage SDK asks where it lies as an ES module does, which a CommonJS file does not know by that name.
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl=require('node:url').pathToFileURL(__filename).href;" },
    // Azure's worker gives this one at run time; it is on no registry.
    external: ['@azure/functions-core'],
    plugins: [textPlugin],
    metafile: true,
  });
  const kilobytes = Math.round((metafile.outputs[OUTFILE]?.bytes ?? 0) / 1024);
  console.log(`${OUTFILE}  ${kilobytes} KB, ${Math.round(performance.now() - startedAt)} ms`);
} catch {
  // esbuild has told what is wrong, with file and line.
  process.exitCode = 1;
}
