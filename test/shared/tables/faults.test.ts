import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ambient } from '../../../shared/ambient/ambient.ts';
import { systemAmbient } from '../../../shared/ambient/system.ts';
import { type OpenedTables, openTables } from '../../../shared/tables/tables.ts';
import { OPERATIONS, READS, WRITES } from './operations.ts';
import {
  type Answer,
  answered,
  cutOff,
  done,
  failed,
  reset,
  type StandInService,
  startStandInService,
} from './stand-in-service.ts';

let service: StandInService;
let tables: OpenedTables;
/** Waiting takes no time. */
const ambient: Ambient = { ...systemAmbient, sleep: async () => {} };

beforeAll(async () => {
  service = await startStandInService();
});
afterAll(() => service.close());
beforeEach(() => {
  service.creation = failed(409, 'TableAlreadyExists');
  service.answers = [done];
  service.reset();
  tables = openTables({ kind: 'connection-string', connectionString: service.connectionString }, { ambient });
});

/** Faults that pass, and what is said of them. */
const PASSING: readonly (readonly [string, Answer, string])[] = [
  ['500', failed(500, 'InternalError'), 'InternalError'],
  ['a time-out of the service', failed(500, 'OperationTimedOut'), 'OperationTimedOut'],
  ['503', failed(503, 'ServerBusy'), 'ServerBusy'],
  ['429', failed(429, 'TooManyRequests'), 'TooManyRequests'],
  ['502 of something between', answered(502, '<html>Bad gateway', { 'content-type': 'text/html' }), '502'],
  ['a connection reset before the answer', reset, 'ECONNRESET'],
];

/** Faults that another attempt would meet again. */
const LASTING: readonly (readonly [string, Answer, string])[] = [
  ['no authorization', failed(403, 'AuthorizationPermissionMismatch'), 'AuthorizationPermissionMismatch'],
  ['no authentication', failed(401, 'NoAuthenticationInformation'), 'NoAuthenticationInformation'],
  ['a table that is missing', failed(404, 'TableNotFound'), 'TableNotFound'],
  ['a table that is being deleted', failed(409, 'TableBeingDeleted'), 'TableBeingDeleted'],
  ['a request that the service does not take', failed(400, 'InvalidInput'), 'InvalidInput'],
  ['404 of something between', answered(404, '<html>Not found', { 'content-type': 'text/html' }), '404'],
  ['404 with no word', answered(404), '404'],
  ['404 with a code that is a message', failed(404, 'No such secret-row'), '404'],
  ['409 with no word', answered(409), '409'],
];

describe('a fault of the service', () => {
  describe.each(PASSING)('%s', (_, answer, reason) => {
    beforeEach(() => {
      service.answers = [answer];
    });

    it.each(OPERATIONS)('leaves a %s unavailable after three attempts', async (_, call) => {
      expect(await call(tables.accounts)).toEqual({ outcome: 'unavailable', reason });
      expect(service.requests.entities).toHaveLength(3);
    });

    it.each(OPERATIONS)('does not keep a %s from its answer when it passes', async (_, call) => {
      service.answers = [answer, answer, done];
      const { outcome } = await call(tables.accounts);
      expect(['found', 'listed', 'created', 'updated', 'removed']).toContain(outcome);
    });
  });

  it.each([
    ['create', failed(409, 'EntityAlreadyExists'), 'exists'],
    ['merge', failed(412, 'UpdateConditionNotSatisfied'), 'changed'],
    ['replace', failed(412, 'UpdateConditionNotSatisfied'), 'changed'],
    ['remove', failed(404, 'ResourceNotFound'), 'gone'],
  ])('a %s that is repeated because its answer was lost says what it finds', async (name, found, outcome) => {
    service.answers = [reset, found];
    const [, call] = WRITES.find(([operation]) => operation === name) ?? [];
    expect(await call?.(tables.accounts)).toEqual({ outcome });
    const [first, second] = service.requests.entities;
    expect(second).toBe(first);
  });

  it.each(
    LASTING.flatMap(([fault, answer, reason]) =>
      OPERATIONS.map(([name, call]) => ({ fault, name, answer, reason, call })),
    ),
  )('$fault leaves a $name unavailable after one attempt', async ({ answer, reason, call }) => {
    // The table was there a moment ago.
    await tables.accounts.read({ partitionKey: 'p', rowKey: 'r' });
    service.reset();
    service.answers = [answer];
    expect(await call(tables.accounts)).toEqual({ outcome: 'unavailable', reason });
    expect(service.requests.entities).toHaveLength(1);
  });

  it.each(OPERATIONS)('a %s whose answer is cut off is unavailable', async (_, call) => {
    service.answers = [cutOff];
    expect((await call(tables.accounts)).outcome).toBe('unavailable');
  });

  it.each(READS)('a %s whose JSON is cut short is tried again', async (_, call) => {
    service.answers = [answered(200, '{"odata.etag":"W/')];
    expect(await call(tables.accounts)).toEqual({ outcome: 'unavailable', reason: 'PARSE_ERROR' });
    expect(service.requests.entities).toHaveLength(3);
  });

  it.each(['', '{}', '[]', 'null', '"text"', '{"value":[{}]}', '<html>'])(
    'a read answered with %j is unavailable',
    async (body) => {
      service.answers = [answered(200, body)];
      expect((await tables.accounts.read({ partitionKey: 'p', rowKey: 'r' })).outcome).toBe('unavailable');
    },
  );

  it.each(['', '{}', 'null', '"text"', '{"value":{}}', '{"value":[{}]}', '<html>'])(
    'a list answered with %j is not empty but unavailable',
    async (body) => {
      service.answers = [answered(200, body)];
      expect((await tables.accounts.list('p', 10)).outcome).toBe('unavailable');
    },
  );

  it.each(['', '{}', 'null', '{"value":{}}', '{"value":[{}]}', '{"value":[{"PartitionKey":""}]}'])(
    'a look through partitions answered with %j is not the end of them but unavailable',
    async (body) => {
      service.answers = [answered(200, body)];
      expect((await tables.accounts.partitionKeys(null, 10)).outcome).toBe('unavailable');
    },
  );

  it.each(WRITES.filter(([name]) => name !== 'remove'))(
    'a %s that is answered without an ETag is unavailable',
    async (_, call) => {
      service.answers = [answered(204)];
      expect(await call(tables.accounts)).toEqual({ outcome: 'unavailable', reason: 'not-an-answer' });
    },
  );

  it('no service at all is unavailable', async () => {
    const gone = await startStandInService();
    await gone.close();
    const nowhere = openTables({ kind: 'connection-string', connectionString: gone.connectionString }, { ambient });
    for (const [, call] of OPERATIONS) {
      expect(await call(nowhere.accounts)).toEqual({ outcome: 'unavailable', reason: 'ECONNREFUSED' });
    }
  });
});
