/**
 * `npm run streams`: bodies of 1 GiB through the local host, and by how much its process grew. `npm test` does the same with
 * 256 MiB.
 */
import { figures, GROWTH_MEBIBYTES_MAX } from '../test/streams/figures.ts';
import { canMeasure } from '../test/streams/memory.ts';
import { type Mistake, mistakeOf, readCommandLine, runCommand } from './command-line.ts';

const SCRIPT = 'npm run streams';
const HELP = `${SCRIPT} -- [MiB]

Sends bodies of so many MiB (1024) through the local host both ways, and tells by how much its process grew.

  --help  this text
`;

await runCommand(parseWords(process.argv.slice(2)), HELP, async ({ mebibytes }) => {
  if (!canMeasure) {
    console.error('The memory of a process can be measured on Linux alone.');
    return 1;
  }
  console.log(
    `bodies of ${mebibytes} MiB, after a warm-up of one each way; a host may grow by ${GROWTH_MEBIBYTES_MAX} MiB`,
  );
  console.log('grew by\ttook');
  let exitCode = 0;
  for await (const { title, grownMebibytes, seconds } of figures(mebibytes)) {
    const isOver = grownMebibytes > GROWTH_MEBIBYTES_MAX;
    console.log(`${grownMebibytes.toFixed(0)} MiB\t${seconds.toFixed(1)} s\t${title}${isOver ? '\tTOO MUCH' : ''}`);
    if (isOver) exitCode = 1;
  }
  return exitCode;
});

function parseWords(args: readonly string[]): { readonly mebibytes: number } | 'help' | Mistake {
  const read = readCommandLine({ script: SCRIPT, wordsMax: 1 }, args);
  if (read === 'help' || 'mistake' in read) return read;
  const [word = '1024'] = read.words;
  return /^[1-9]\d{0,5}$/.test(word) ? { mebibytes: Number(word) } : mistakeOf(SCRIPT, `"${word}" is no number of MiB`);
}
