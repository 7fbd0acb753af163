import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ACTIVITIES, OFFICE } from '../../bench/scale/behaviour.ts';
import { putTables } from '../../bench/scale/document.ts';
import { LIMITS } from '../../bench/scale/limits.ts';
import { measuredOf } from '../../bench/scale/measured.ts';
import { placesFor, scaleOf, walls } from '../../bench/scale/model.ts';
import { type Found, tablesOf } from '../../bench/scale/report.ts';
import { sharesOf } from '../../bench/scale/shares.ts';
import { simulate } from '../../bench/scale/simulate.ts';

const found = JSON.parse(readFileSync('bench/scale/found.json', 'utf8')) as Found;
const document = readFileSync('docs/scale.md', 'utf8');
/** Small enough for a test: what each activity costs is the same. */
const BRIEF = { ...OFFICE, callsASession: 10, hoursInUse: 2 };
const ACCOUNTS = 20;

describe('docs/scale.md', () => {
  it('has the tables that the model makes of what was found', () => {
    expect(putTables(document, tablesOf(found))).toBe(document);
  });

  it('has shares as the code still draws them', () => {
    const { least, most, moved, astray } = sharesOf(2, 5_000);
    expect(astray).toBe(0);
    const [, two] = found.shares;
    for (const [now, then = 0] of [
      [least, two?.least],
      [most, two?.most],
      [moved, two?.moved],
    ] as const) {
      expect(Math.abs(now - then)).toBeLessThan(0.05);
    }
  });

  it('rests on what the code still does: a simulation costs each activity what it did', async () => {
    const simulated = await simulate({ behaviour: BRIEF, accounts: ACCOUNTS, days: 1 });
    const { calls, expiriesNow, notesASession } = measuredOf(simulated, ACCOUNTS);
    // A renewal is due by time: a call that comes seldom renews more often, up to once each.
    for (const activity of ACTIVITIES.filter((each) => each !== 'call')) {
      expect(Math.abs(calls[activity] / found.measured.calls[activity] - 1)).toBeLessThan(0.15);
    }
    expect(calls.call).toBeGreaterThan(found.measured.calls.call);
    expect(calls.call).toBeLessThan(2.6);
    expect(expiriesNow['sign-in']).toBe(1);
    expect(Math.abs(notesASession / found.measured.notesASession - 1)).toBeLessThan(0.1);
    expect([simulated.lost, simulated.kept, simulated.rowsLeft]).toEqual([0, 0, 0]);
  });

  it('rests on moves that lose nobody, keep nobody and leave nothing behind', async () => {
    const days = { behaviour: BRIEF, accounts: ACCOUNTS, days: 3, places: ['one', 'two'] };
    const moved = await simulate({ ...days, movesTo: ['one', 'two', 'three'] });
    expect([moved.lost, moved.kept, moved.rowsLeft]).toEqual([0, 0, 0]);
    expect(moved.tally.byPlace().get('three')).toBeGreaterThan(100);
    for (const { lost, kept, rowsLeft } of found.moves) expect([lost, kept, rowsLeft]).toEqual([0, 0, 0]);
  });
});

describe('the model', () => {
  const at = (accounts: number) => scaleOf(accounts, OFFICE, found.measured);

  it('grows in proportion', () => {
    expect(at(2_000_000).operationsPeak).toBeCloseTo(2 * at(1_000_000).operationsPeak);
    expect(at(2_000_000).bytes).toBeCloseTo(2 * at(1_000_000).bytes);
  });

  it('says of each wall what the table of scales says of it', () => {
    const [first] = walls(OFFICE, found.measured);
    const accounts = first?.accounts ?? 0;
    expect(first?.what).toBe('operations of one storage account');
    expect([placesFor(at(accounts * 0.99)), placesFor(at(accounts * 1.01))]).toEqual([1, 2]);
  });

  it('gives the one instance that sweeps the time that its runs have, 4 of 10 minutes, however many storage accounts there are', () => {
    const wall = walls(OFFICE, found.measured).find(({ what }) => what.includes('the sweep runs'));
    const { sweepOperations, notesAnHour, sweptAnHour } = at(wall?.accounts ?? 0);
    expect(sweepOperations).toBeCloseTo(0.4 * LIMITS.sweepOperations.value);
    expect(sweptAnHour).toBeCloseTo(notesAnHour);
    expect(at(100_000_000).sweptAnHour).toBeCloseTo(sweptAnHour);
  });

  it('has a wall for each of the two that make instances', () => {
    const wall = walls(OFFICE, found.measured).find(({ what }) => what.includes('calls at once'));
    expect(at(wall?.accounts ?? 0).instancesByConcurrency).toBeCloseTo(LIMITS.instances.value, -1);
  });

  it('takes another behaviour: who calls twice as often is read twice as often', () => {
    const busy = { ...OFFICE, callsASession: 2 * OFFICE.callsASession };
    const [one, two] = [scaleOf(1, OFFICE, found.measured), scaleOf(1, busy, found.measured)];
    expect(two.apiCallsPeak).toBe(2 * one.apiCallsPeak);
    expect(two.operationsPeak).toBeGreaterThan(one.operationsPeak);
  });
});

describe('tables put into a document', () => {
  it('take the place of those before, and want one', () => {
    const text = 'a\n<!-- t: begin -->\nold\n<!-- t: end -->\nb';
    expect(putTables(text, new Map([['t', 'new']]))).toBe('a\n<!-- t: begin -->\nnew\n<!-- t: end -->\nb');
    expect(() => putTables('', new Map([['t', 'new']]))).toThrow(/no <!-- t/);
  });
});
