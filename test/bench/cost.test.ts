import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DEPLOYED, LEAN } from '../../bench/cost/assumed.ts';
import { billedInstances, billOf, usageOf } from '../../bench/cost/cost.ts';
import { PRICES } from '../../bench/cost/prices.ts';
import { costTables } from '../../bench/cost/tables.ts';
import { OFFICE } from '../../bench/scale/behaviour.ts';
import { putTables } from '../../bench/scale/document.ts';
import { scaleOf } from '../../bench/scale/model.ts';
import type { Found } from '../../bench/scale/report.ts';

const found = JSON.parse(readFileSync('bench/scale/found.json', 'utf8')) as Found;
const usage = (accounts: number, behaviour = OFFICE) => usageOf(accounts, behaviour, found.measured, LEAN);

describe('docs/cost.md', () => {
  it('has the tables that the model makes of what was found and of the prices', () => {
    const document = readFileSync('docs/cost.md', 'utf8');
    expect(putTables(document, costTables(found))).toBe(document);
  });

  it('says of every price where it is from', () => {
    for (const { source } of Object.values(PRICES)) expect(source).toMatch(/^(assumed|\[.*\d{4}.*\]\(https:\/\/.+\))$/);
  });
});

describe('what a month uses', () => {
  it('has the transactions that docs/scale.md counts', () => {
    expect(usage(1_000_000).transactions).toBe(scaleOf(1_000_000, OFFICE, found.measured).transactionsAMonth);
  });

  it('has one instance at work, and no more, while calls are few; none without calls', () => {
    expect(billedInstances(0)).toBe(0);
    expect(billedInstances(0.01)).toBeCloseTo(0.01, 3);
    expect(billedInstances(10)).toBeCloseTo(1, 3);
  });

  it('has instances in proportion to calls where they are many', () => {
    expect(billedInstances(2_000)).toBeCloseTo(2 * billedInstances(1_000));
    expect(billedInstances(1_000)).toBeGreaterThan(5);
  });

  it('costs in proportion at large, but for what is free and what is fixed', () => {
    const [one, two] = [billOf(usage(10_000_000)), billOf(usage(20_000_000))];
    expect(two.sum / one.sum).toBeCloseTo(2, 1);
  });

  it('is free for somebody who only tries it, but for the alerts', () => {
    expect(billOf(usage(1)).sum).toBeLessThan(billOf(usage(1)).alerts + 1);
  });

  it('logs many times as much where nothing is left out', () => {
    const all = usageOf(1_000_000, OFFICE, found.measured, DEPLOYED);
    expect(all.gigabytesLogged).toBeGreaterThan(10 * usage(1_000_000).gigabytesLogged);
  });
});
