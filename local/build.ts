/**
 * `npm run build`: the file that Azure loads, `dist/index.cjs`, and beside it those that it loads when they are first needed;
 * each with its source map. With `--if-missing` a build that is there is left alone.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildBundles, OUTFILES } from './bundle/build.ts';

const ROOT = dirname(import.meta.dirname);

if (process.argv.includes('--if-missing') && OUTFILES.every((file) => existsSync(join(ROOT, file)))) process.exit(0);

const startedAt = performance.now();
try {
  await buildBundles(ROOT);
  const sizes = OUTFILES.map((file) => `${file}  ${Math.round(statSync(join(ROOT, file)).size / 1024)} KB`);
  console.log(`${sizes.join(', ')}, ${Math.round(performance.now() - startedAt)} ms`);
} catch (error) {
  // What esbuild finds wrong it has told, with file and line.
  if (!(error instanceof Error && 'errors' in error)) throw error;
  process.exitCode = 1;
}
