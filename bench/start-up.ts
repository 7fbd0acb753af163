/**
 * What a cold start costs, against the emptiest function app: the import of the bundle, and the way from there to the first
 * answer. Ratios of runs side by side in one go, since machines are shared and absolute times are not comparable.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { outliveReader } from '../local/command-line.ts';
import { type Spread, spreadOf } from './measure/percentiles.ts';
import { raiseStage } from './stage/stage.ts';

outliveReader();

const PAIRS = 21;
const IMPORT_ONCE = resolve('bench/cold/import-once.cjs');
const ANSWER_ONCE = resolve('bench/cold/answer-once.ts');
const EMPTY_APP = resolve('bench/cold/empty-app.cjs');
/** The emptiest app that answers under the local host. */
const NOTHING = resolve('bench/subjects/host-nothing');

type Environment = Readonly<Record<string, string>>;
/** Gives the milliseconds that it took. */
type Run = () => Promise<number>;

/** Runs a program to its end and reads the milliseconds that it prints last; what the app has to say meanwhile is not asked for. */
async function millisecondsOf(run: readonly string[], env: Environment): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, run, { env });
  return Number(/([\d.]+)\s*$/.exec(stdout)?.[1]);
}

/** Each pair is run within a second or so, in turn first and last, so that a busy machine slows both alike. */
async function pairedRatio(above: Run, below: Run): Promise<Spread> {
  const ratios: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const [first, second] = pair % 2 === 0 ? [above, below] : [below, above];
    const took = new Map([[first, await first()]]).set(second, await second());
    ratios.push((took.get(above) ?? Number.NaN) / (took.get(below) ?? Number.NaN));
  }
  return spreadOf(ratios);
}

/** The empty app as our own is built: how much of the ratio is the bundling. */
async function bundled(folder: string): Promise<string> {
  const outfile = join(folder, 'empty-bundled.cjs');
  const external = ['@azure/functions-core'];
  await build({
    entryPoints: [EMPTY_APP],
    outfile,
    external,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
  });
  return outfile;
}

function print(what: string, { median, least, most }: Spread): void {
  console.log(`${what.padEnd(72)} ${median.toFixed(2)}  (${least.toFixed(2)} to ${most.toFixed(2)})`);
}

const folder = mkdtempSync(join(tmpdir(), 'exeunt-bench-'));
const stage = await raiseStage([{ people: 1, resources: 1, devices: 1 }]);
try {
  // Its settings are read when it is imported: it is measured with good ones.
  const environment = stage.exeuntEnvironment(7071);
  const importOf = (app: string, env: Environment = {}) => millisecondsOf([IMPORT_ONCE, app], env);
  const ours = () => importOf(resolve('dist/index.cjs'), environment);
  const emptyBundled = await bundled(folder);
  console.log(`${PAIRS} pairs each: median (least to most)\n`);
  print(
    'import / that of an empty app, as `func init` gives it (target 1.6)',
    await pairedRatio(ours, () => importOf(EMPTY_APP)),
  );
  print(
    'import / that of an empty app that is bundled and minified too',
    await pairedRatio(ours, () => importOf(emptyBundled)),
  );

  const answerOf = (root: string, env: Environment, ...request: readonly string[]) =>
    millisecondsOf([ANSWER_ONCE, root, ...request], env);
  const nothing = () => answerOf(NOTHING, {}, '/api/graph/me', '200');
  const cookie = stage.users[0]?.cookies.exeunt ?? '';
  const firsts = [
    ['GET /health', ['/health', '200']],
    ['GET /auth/session without a cookie', ['/auth/session', '401']],
    ['a call of an API, its token in the session', ['/api/graph/me', '200', cookie]],
  ] as const;
  for (const [what, request] of firsts) {
    const first = () => answerOf(resolve('.'), environment, ...request);
    print(`import and first answer, ${what} / an empty app's`, await pairedRatio(first, nothing));
  }
} finally {
  await stage.stop();
  rmSync(folder, { recursive: true });
}
