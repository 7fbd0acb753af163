import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ambient } from '../../../shared/ambient/ambient.ts';
import { systemAmbient } from '../../../shared/ambient/system.ts';
import { type OpenedTables, openTables } from '../../../shared/tables/tables.ts';
import { OPERATIONS } from './operations.ts';
import { answered, done, failed, hangs, type StandInService, startStandInService } from './stand-in-service.ts';

let service: StandInService;
let tables: OpenedTables;
let waits: number[] = [];
/** Waiting takes no time, and is noted. */
const ambient: Ambient = {
  ...systemAmbient,
  sleep: async (milliseconds) => {
    waits.push(milliseconds);
  },
};
const open = (deadlineMilliseconds = 5_000): OpenedTables =>
  openTables(
    { kind: 'connection-string', connectionString: service.connectionString },
    { ambient, deadlineMilliseconds },
  );

beforeAll(async () => {
  service = await startStandInService();
});
afterAll(() => service.close());
beforeEach(() => {
  service.creation = failed(409, 'TableAlreadyExists');
  service.answers = [done];
  service.reset();
  waits = [];
  ambient.now = systemAmbient.now;
  tables = open();
});

describe('waiting', () => {
  it.each(OPERATIONS)('backs off longer each time that a %s fails, with chance in it', async (_, call) => {
    service.answers = [failed(500, 'InternalError')];
    await call(tables.accounts);
    expect(waits).toHaveLength(2);
    const [first = 0, second = 0] = waits;
    expect(first).toBeGreaterThanOrEqual(50);
    expect(first).toBeLessThanOrEqual(100);
    expect(second).toBeGreaterThanOrEqual(100);
    expect(second).toBeLessThanOrEqual(200);
  });

  it('waits as long as the service says, and passes it on', async () => {
    service.answers = [failed(503, 'ServerBusy', { 'retry-after': '2' })];
    for (const [, call] of OPERATIONS) {
      expect(await call(tables.accounts)).toEqual({
        outcome: 'unavailable',
        reason: 'ServerBusy',
        retryAfterMilliseconds: 2000,
      });
    }
    expect(waits).toEqual(OPERATIONS.flatMap(() => [2000, 2000]));
  });

  it('understands a date', async () => {
    ambient.now = () => Date.parse('2026-11-21T09:00:00Z');
    service.answers = [failed(503, 'ServerBusy', { 'retry-after': 'Sat, 21 Nov 2026 09:00:03 GMT' })];
    expect(await tables.accounts.read({ partitionKey: 'p', rowKey: 'r' })).toMatchObject({
      retryAfterMilliseconds: 3000,
    });
  });

  it('does not wait past the deadline', async () => {
    service.answers = [failed(503, 'ServerBusy', { 'retry-after': '6' })];
    const answer = await tables.accounts.read({ partitionKey: 'p', rowKey: 'r' });
    expect(answer).toEqual({ outcome: 'unavailable', reason: 'ServerBusy', retryAfterMilliseconds: 6000 });
    expect(service.requests.entities).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  it.each(OPERATIONS)('gives up a %s that is not answered by the deadline', async (_, call) => {
    const impatient = open(200);
    await call(impatient.accounts);
    service.reset();
    service.answers = [hangs];
    expect(await call(impatient.accounts)).toEqual({ outcome: 'unavailable', reason: 'deadline' });
    expect(service.requests.entities).toHaveLength(1);
  });

  it('gives up when the table is not created by the deadline, and creates it at the next use', async () => {
    const impatient = open(200);
    service.creation = hangs;
    const key = { partitionKey: 'p', rowKey: 'r' };
    expect(await impatient.accounts.create(key, {})).toEqual({ outcome: 'unavailable', reason: 'deadline' });
    expect(service.requests.entities).toEqual([]);
    service.answers = [failed(404, 'TableNotFound'), done];
    expect(await impatient.accounts.read(key)).toEqual({ outcome: 'unavailable', reason: 'deadline' });
    expect(service.requests.entities).toHaveLength(1);
    service.creation = answered(204);
    expect((await impatient.accounts.read(key)).outcome).toBe('found');
  });
});
