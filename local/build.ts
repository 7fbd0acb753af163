/**
 * `npm run build`: the file that Azure loads, `dist/index.cjs`, and beside it those that it loads when they are first needed;
 * each with its source map. With `--if-missing` a build that is there is left alone.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildBundles, OUTFILES } from './bundle/build.ts';
import { readCommandLine, runCommand } from './command-line.ts';

const ROOT = dirname(import.meta.dirname);
const HELP = `npm run build -- [options]

Makes what Azure loads: dist/index.cjs, and beside it what that loads when it is needed.

  --if-missing  leaves a build alone that is there
  --help        this text
`;
const OPTIONS = { 'if-missing': { type: 'boolean' } } as const;

const given = readCommandLine({ script: 'npm run build', options: OPTIONS }, process.argv.slice(2));
await runCommand(given, HELP, async ({ values }) => {
  if (values['if-missing'] && OUTFILES.every((file) => existsSync(join(ROOT, file)))) return 0;
  const startedAt = performance.now();
  try {
    await buildBundles(ROOT);
  } catch (error) {
    // What esbuild finds wrong it has told, with file and line.
    if (!(error instanceof Error && 'errors' in error)) throw error;
    return 1;
  }
  const sizes = OUTFILES.map((file) => `${file}  ${Math.round(statSync(join(ROOT, file)).size / 1024)} KB`);
  console.log(`${sizes.join(', ')}, ${Math.round(performance.now() - startedAt)} ms`);
  return 0;
});
