/**
 * How long a cold start spends on importing our bundle, against the emptiest function app: ratios of runs side by side in
 * one go, since machines are shared and absolute times are not comparable.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const PAIRS = 21;
const IMPORT_ONCE = resolve('bench/import-once.cjs');

// Without settings our bundle says so on standard error, which is none of the bench's business.
const importOnce = (app: string): number =>
  Number(execFileSync(process.execPath, [IMPORT_ONCE, resolve(app)], { env: {}, stdio: ['ignore', 'pipe', 'ignore'] }));

const ratios: number[] = [];
for (let pair = 0; pair < PAIRS; pair += 1) {
  ratios.push(importOnce('dist/index.cjs') / importOnce('bench/empty-app.cjs'));
}
ratios.sort((a, b) => a - b);
const shown = (at: number): string => (ratios[Math.floor(at * (PAIRS - 1))] ?? Number.NaN).toFixed(2);
console.log(
  `import of the bundle / import of an empty app, ${PAIRS} pairs:  median ${shown(0.5)}  (${shown(0)} to ${shown(1)})`,
);
