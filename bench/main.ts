/**
 * `npm run bench`, in under ten minutes, and `npm run bench:full`, all of the matrix: one part after the other, each a program of
 * its own, which can be run by itself. See docs/performance.md.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../local/command-line.ts';
import { HELP, parseOptions } from './options.ts';

/** A part that knows no larger share takes no arguments; one that knows nothing else takes that. */
const PARTS: readonly {
  readonly title: string;
  readonly module: string;
  readonly takes: 'nothing' | 'share' | 'all';
}[] = [
  { title: 'start-up', module: 'start-up.ts', takes: 'nothing' },
  { title: 'a hot API call, side by side', module: 'side-by-side.ts', takes: 'all' },
  { title: 'a storm of calls at the end of a token', module: 'storm/storm.ts', takes: 'share' },
  { title: 'more calls than can be answered', module: 'overload/overload.ts', takes: 'share' },
  { title: 'growth', module: 'growth/growth.ts', takes: 'share' },
  { title: 'memory', module: 'memory/memory.ts', takes: 'share' },
];

const args = process.argv.slice(2);
const given = { nothing: [], share: args.filter((arg) => arg === '--full'), all: args };

await runCommand(parseOptions(args), HELP, async () => {
  let exitCode = 0;
  for (const { title, module, takes } of PARTS) {
    console.log(`\n# ${title}\n`);
    const path = fileURLToPath(new URL(module, import.meta.url));
    const { status } = spawnSync(process.execPath, [path, ...given[takes]], { stdio: 'inherit' });
    if (status !== 0) exitCode = 1;
  }
  return exitCode;
});
