/**
 * `npm run streams`: bodies of 1 GiB through the local host, and by how much its process grew. `npm test` does the same with
 * 256 MiB. `node local/streams.ts 256` says how many MiB.
 */
import { figures, GROWTH_MEBIBYTES_MAX } from '../test/streams/figures.ts';
import { canMeasure } from '../test/streams/memory.ts';

const mebibytes = Number(process.argv[2] ?? 1_024);

if (canMeasure) {
  console.log(
    `bodies of ${mebibytes} MiB, after a warm-up of one each way; a host may grow by ${GROWTH_MEBIBYTES_MAX} MiB`,
  );
  console.log('grew by\ttook');
  for await (const { title, grownMebibytes, seconds } of figures(mebibytes)) {
    const isOver = grownMebibytes > GROWTH_MEBIBYTES_MAX;
    console.log(`${grownMebibytes.toFixed(0)} MiB\t${seconds.toFixed(1)} s\t${title}${isOver ? '\tTOO MUCH' : ''}`);
    if (isOver) process.exitCode = 1;
  }
} else {
  console.error('The memory of a process can be measured on Linux alone.');
  process.exitCode = 1;
}
