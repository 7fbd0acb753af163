/**
 * `npm run bench`, in under ten minutes, and `npm run bench:full`, all of the matrix: one part after the other, each a program of
 * its own, which can be run by itself. See docs/performance.md.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A part that knows no larger share takes no arguments. */
const PARTS: readonly { readonly title: string; readonly module: string; readonly takesArguments: boolean }[] = [
  { title: 'start-up', module: 'start-up.ts', takesArguments: false },
  { title: 'a hot API call, side by side', module: 'side-by-side.ts', takesArguments: true },
];

for (const { title, module, takesArguments } of PARTS) {
  console.log(`\n# ${title}\n`);
  const path = fileURLToPath(new URL(module, import.meta.url));
  const given = takesArguments ? process.argv.slice(2) : [];
  const { status } = spawnSync(process.execPath, [path, ...given], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
