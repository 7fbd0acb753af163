import { cpus } from 'node:os';
import type { Results } from '../measure/results.ts';
import type { Options } from '../options.ts';
import type { Cores } from '../stage/cores.ts';
import { figuresTable, ratioTable, titleOf } from './cell-tables.ts';
import { verdictLine, verdicts } from './targets.ts';
import { wireTable } from './wire-table.ts';

/** All of a run in plain text. */
export function report(results: Results, options: Options, cores: Cores | null): string {
  const cells = results.cells.map((cell) => `${titleOf(cell)}\n\n${figuresTable(cell)}\n\n${ratioTable(cell)}`);
  const wire =
    results.wires.length > 0 ? [`what a call asks of storage, on the wire\n\n${wireTable(results.wires)}`] : [];
  const held = verdicts(results).map(verdictLine);
  return [facts(options, cores), ...cells, ...wire, ...(held.length > 0 ? [held.join('\n')] : [])].join('\n\n\n');
}

function facts({ rounds, leadSeconds, sliceSeconds, warmSeconds }: Options, cores: Cores | null): string {
  const all = cpus();
  const pinned = cores
    ? `server under test on core ${cores.tested}, all else on ${cores.others}`
    : 'nothing is pinned to a core here: taskset is missing, or there is one core';
  return [
    `${all.length} cores (${all[0]?.model.trim() || 'unknown'}), Node ${process.version}, ${process.platform}; ${pinned}`,
    `${rounds} rounds of ${sliceSeconds} s each, after ${warmSeconds} s of warm-up and ${leadSeconds} s of lead; every answer was checked`,
  ].join('\n');
}
