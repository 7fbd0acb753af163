/** What a call costs, by Exeunt, by the least that could do the job, and by the usual pattern. See docs/performance.md. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../local/command-line.ts';
import { WrongAnswer } from './load/load.ts';
import { measure } from './measure/measure.ts';
import { HELP, type Options, parseOptions } from './options.ts';
import { plot } from './report/plot.ts';
import { putInto } from './report/put-into.ts';
import { report } from './report/report.ts';
import { divideCores } from './stage/cores.ts';

const DOCUMENT = 'docs/performance.md';
const PLOT = 'docs/performance.svg';

await runCommand(parseOptions(process.argv.slice(2)), HELP, run);

async function run(options: Options): Promise<number> {
  const cores = divideCores();
  const tell = (what: string): void => void process.stderr.write(`bench: ${what}\n`);
  try {
    const results = await measure(options, cores, tell);
    const text = report(results, options, cores);
    console.log(text);
    await mkdir(options.resultsFolder, { recursive: true });
    await writeFile(join(options.resultsFolder, 'side-by-side.json'), JSON.stringify(results, null, 2));
    await writeFile(join(options.resultsFolder, 'performance.svg'), plot(results.cells));
    if (options.writeDocs) {
      await writeFile(DOCUMENT, putInto(await readFile(DOCUMENT, 'utf8'), text));
      await writeFile(PLOT, plot(results.cells));
    }
  } catch (error) {
    if (!(error instanceof WrongAnswer)) throw error;
    console.error(`bench: a wrong answer, so that no figure counts: ${error.message}`);
    return 1;
  }
  return 0;
}
