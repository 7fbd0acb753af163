import { describe, expect, it } from '@jest/globals';
import type { Figures } from '../../bench/measure/figures.ts';
import { figuresOf } from '../../bench/measure/figures.ts';
import { ON_NODE_HTTP, of, pairedRatio } from '../../bench/measure/paired.ts';
import { percentile, spreadOf } from '../../bench/measure/percentiles.ts';
import type { Cell } from '../../bench/measure/results.ts';
import type { Wire } from '../../bench/measure/wire.ts';
import { figuresTable, ratioTable } from '../../bench/report/cell-tables.ts';
import { plot } from '../../bench/report/plot.ts';
import { putInto } from '../../bench/report/put-into.ts';
import { verdicts } from '../../bench/report/targets.ts';
import { textTable } from '../../bench/report/text-table.ts';

const figures = (cpu: number): Figures => ({ cpu, p50: cpu, p95: cpu, p99: cpu, rate: 1, residentMebibytes: 100 });

/** On a machine that is slower by some factor in one round than in another. */
const round = (slower: number, exeunt = 3) => ({
  floor: figures(2 * slower),
  exeunt: figures(exeunt * slower),
  'host-nothing': figures(2 * slower),
  'bare-http': figures(0.5 * slower),
  usual: figures(8 * slower),
});
const cell = (exeunt?: number, concurrency = 16): Cell => ({
  storage: 'azurite',
  resources: 5,
  concurrency,
  rounds: [round(1, exeunt), round(3, exeunt), round(7, exeunt)],
});

describe('percentiles', () => {
  it('are samples that were taken, by the nearest rank', () => {
    const samples = Float64Array.from({ length: 100 }, (_, at) => at + 1);
    expect([0.5, 0.95, 0.99, 1].map((share) => percentile(samples, share))).toEqual([50, 95, 99, 100]);
    expect(percentile([7], 0.99)).toBe(7);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });

  it('of few runs: the middle one, or between the two in the middle', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, least: 1, most: 4 });
  });
});

it('a slice becomes figures of one call', () => {
  const latencies = Float64Array.from([1, 2, 3, 4]);
  const slice = { requests: 4, seconds: 2, cpuMilliseconds: 6, latencies, residentBytes: 1024 * 1024 };
  expect(figuresOf(slice)).toEqual({ cpu: 1.5, p50: 2, p95: 4, p99: 4, rate: 2, residentMebibytes: 1 });
});

describe('paired ratios', () => {
  it('are of one round each, so that a slow machine falls out', () => {
    const ratio = pairedRatio(cell().rounds, 'cpu', of('usual'), of('floor'));
    expect(ratio).toEqual({ median: 4, least: 4, most: 4 });
  });

  it("take the host's share off Exeunt, and add what HTTP costs anybody", () => {
    expect(pairedRatio(cell().rounds, 'cpu', ON_NODE_HTTP, of('floor')).median).toBe(0.75);
  });

  it('of what was not measured fail', () => {
    expect(() => pairedRatio(cell().rounds, 'cpu', of('usual-rolling'), of('floor'))).toThrow('usual-rolling');
  });
});

describe('what is printed', () => {
  it('is a table whose numbers stand under each other', () => {
    const rows = [
      ['', 'CPU'],
      ['floor', '0.6'],
      ['usual', '12.3'],
    ];
    expect(textTable(rows).split('\n')).toEqual(['        CPU', '-----  ----', 'floor   0.6', 'usual  12.3']);
  });

  it('has a line for each subject, and one for each comparison that can be made', () => {
    expect(figuresTable(cell()).split('\n')).toHaveLength(2 + 5);
    expect(ratioTable(cell())).toContain('exeunt as on node:http / floor');
    expect(ratioTable(cell())).not.toContain('rolling');
  });
});

describe('targets', () => {
  const wire = (more: Partial<Wire> = {}): Wire => ({
    subject: 'exeunt',
    resources: 5,
    devices: 1,
    reads: 1,
    writes: 0,
    sentBytes: 700,
    answeredBytes: 1_400,
    readsOfTen: 2,
    ...more,
  });
  const metOf = (...given: Parameters<typeof verdicts>) => verdicts(...given).map(({ met }) => met);

  it('are met or missed by the median', () => {
    expect(metOf({ cells: [cell(3)], wires: [] })).toEqual([true, true]);
    expect(metOf({ cells: [cell(4)], wires: [] })).toEqual([false, false]);
    expect(metOf({ cells: [cell(3, 1), cell(4, 1)], wires: [] })).toEqual([true, false]);
    const oneLuckyRound = { ...cell(), rounds: [round(1, 3), round(1, 4), round(1, 5)] };
    expect(metOf({ cells: [oneLuckyRound], wires: [] })).toEqual([false, false]);
  });

  it('on the wire are missed by one kind of user that misses them', () => {
    expect(metOf({ cells: [], wires: [wire(), wire()] })).toEqual([true, true]);
    expect(metOf({ cells: [], wires: [wire(), wire({ answeredBytes: 2_049 })] })).toEqual([false, true]);
    expect(metOf({ cells: [], wires: [wire({ writes: 0.1 }), wire({ readsOfTen: 3 })] })).toEqual([false, false]);
    expect(metOf({ cells: [], wires: [wire({ subject: 'usual', reads: 2 })] })).toEqual([]);
  });
});

it('what was printed takes the place of what was printed before, and of nothing else', () => {
  const document = 'before\n<!-- as printed: begin -->\nold\n<!-- as printed: end -->\nafter\n';
  const printed = putInto(putInto(document, 'one'), 'two');
  expect(printed.split('\n').filter(Boolean)).toEqual([
    'before',
    '<!-- as printed: begin -->',
    '```text',
    'two',
    '```',
    '<!-- as printed: end -->',
    'after',
  ]);
  expect(() => putInto('before and after', 'two')).toThrow('no <!-- as printed');
});

it('the plot is well-formed and says what it shows', () => {
  const svg = plot([cell(), cell(4, 1)]);
  const open: string[] = [];
  for (const [, close, name = '', self] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (close) expect(open.pop()).toBe(name);
    else if (!self) open.push(name);
  }
  expect(open).toEqual([]);
  expect(svg.replaceAll(/<[^<>]*>/g, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)/);
  expect(svg).toContain('aria-label="CPU of one API call');
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});
