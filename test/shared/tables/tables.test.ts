import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TableCall } from '../../../shared/tables/observed.ts';
import { type OpenedTables, openTables, type TablesOptions } from '../../../shared/tables/tables.ts';
import { OPERATIONS, READS } from './operations.ts';
import { answered, done, failed, type StandInService, startStandInService } from './stand-in-service.ts';

const KEY = { partitionKey: 'p', rowKey: 'r' };

let service: StandInService;
const open = (options: TablesOptions = {}): OpenedTables =>
  openTables({ kind: 'connection-string', connectionString: service.connectionString }, options);

beforeAll(async () => {
  service = await startStandInService();
});
afterAll(() => service.close());
beforeEach(() => {
  service.creation = answered(204);
  service.answers = [done];
  service.reset();
});

describe('a table', () => {
  it('asks nothing of the network before its first use', async () => {
    open();
    expect(service.requests).toEqual({ creations: 0, entities: [] });
  });

  it('is created once by all who use it first at the same time', async () => {
    const { accounts } = open();
    await Promise.all(OPERATIONS.map(([, call]) => call(accounts)));
    await accounts.read(KEY);
    expect(service.requests.creations).toBe(1);
    expect(service.requests.entities).toHaveLength(OPERATIONS.length + 1);
  });

  it.each([
    ['that is there already', failed(409, 'TableAlreadyExists')],
    ['that somebody else has to create', failed(403, 'AuthorizationPermissionMismatch')],
  ])('%s is used', async (_, creation) => {
    service.creation = creation;
    expect((await open().accounts.read(KEY)).outcome).toBe('found');
  });

  it.each(READS)('is not created before a %s: a new instance looks at once', async (_, call) => {
    service.answers = [failed(404, 'ResourceNotFound')];
    await call(open().accounts);
    expect(service.requests).toMatchObject({ creations: 0, entities: [expect.any(String)] });
  });

  it('that nobody has created yet is created by those who look at it first, all together, and is empty', async () => {
    const missing = failed(404, 'TableNotFound');
    service.answers = [missing, missing, missing, failed(404, 'ResourceNotFound')];
    const { accounts } = open();
    const answers = await Promise.all([accounts.read(KEY), accounts.read(KEY), accounts.read(KEY)]);
    expect(answers).toEqual([{ outcome: 'gone' }, { outcome: 'gone' }, { outcome: 'gone' }]);
    expect(service.requests.creations).toBe(1);
  });

  it('that somebody else has to create, and has not, is unavailable to who looks at it', async () => {
    service.answers = [failed(404, 'TableNotFound')];
    service.creation = failed(403, 'AuthorizationPermissionMismatch');
    expect(await open().accounts.read(KEY)).toEqual({ outcome: 'unavailable', reason: 'TableNotFound' });
  });

  it('that went missing after it was seen empty is unavailable', async () => {
    const { accounts } = open();
    const empty = failed(404, 'ResourceNotFound');
    service.answers = [empty, failed(404, 'TableNotFound'), empty];
    expect(await accounts.read(KEY)).toEqual({ outcome: 'gone' });
    expect(await accounts.read(KEY)).toEqual({ outcome: 'unavailable', reason: 'TableNotFound' });
  });

  it('that could not be created is unavailable, and is created at the next use', async () => {
    const { accounts } = open();
    service.creation = failed(409, 'TableBeingDeleted');
    expect(await accounts.create(KEY, {})).toEqual({ outcome: 'unavailable', reason: 'TableBeingDeleted' });
    expect(service.requests.entities).toEqual([]);
    service.creation = answered(204);
    expect((await accounts.create(KEY, {})).outcome).toBe('created');
    expect(service.requests.creations).toBe(2);
  });

  it.each(OPERATIONS)(
    'that went missing is unavailable to a %s, never gone, and is created at the next use',
    async (_, call) => {
      const { accounts } = open();
      await accounts.create(KEY, {});
      service.answers = [failed(404, 'TableNotFound'), done];
      service.reset();
      expect(await call(accounts)).toEqual({ outcome: 'unavailable', reason: 'TableNotFound' });
      expect(service.requests.creations).toBe(0);
      expect((await call(accounts)).outcome).not.toBe('unavailable');
      expect(service.requests.creations).toBe(1);
    },
  );
});

describe('readiness', () => {
  it('is there when every table answers, whether or not anything is in it', async () => {
    service.answers = [failed(404, 'ResourceNotFound')];
    expect(await open().ready()).toBe('ready');
    expect(service.requests.entities.map((request) => /account\/(\w+)/.exec(request)?.[1]).sort()).toEqual([
      'accounts',
      'expiries',
      'sids',
    ]);
  });

  it('is not there when one table does not answer', async () => {
    service.answers = [done, failed(403, 'AuthorizationFailure'), done];
    expect(await open().ready()).toEqual({ outcome: 'unavailable', reason: 'AuthorizationFailure' });
  });
});

describe('selection', () => {
  it('is asked of the service, so that the rest of a large entity is not sent', async () => {
    await open().accounts.read(KEY, ['s_1', 'l_1']);
    expect(service.requests.entities[0]).toMatch(/\$select=s_1(,|%2C)l_1/);
  });

  it('leaves out a property that the service gives as null because the entity lacks it', async () => {
    service.answers = [answered(200, '{"odata.etag":"W/\\"1\\"","s_1":"x","l_1":null}')];
    expect(await open().accounts.read(KEY, ['s_1', 'l_1'])).toEqual({
      outcome: 'found',
      entity: { ...KEY, etag: 'W/"1"', properties: { s_1: 'x' } },
    });
  });
});

describe('what is told of a call', () => {
  it('is its table, operation, outcome and time, and nothing that is stored', async () => {
    const calls: TableCall[] = [];
    let clock = 0;
    const ambient = {
      now: () => 0,
      monotonic: () => clock++,
      randomBytes: (count: number) => new Uint8Array(count),
      sleep: async () => {},
    };
    const { accounts } = open({ ambient, onCall: (call) => calls.push(call) });
    for (const [, call] of OPERATIONS) await call(accounts);
    service.answers = [failed(403, 'AuthorizationFailure')];
    await accounts.read(KEY);
    expect(calls.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      'read found',
      'list listed',
      'partitionKeys listed',
      'create created',
      'merge updated',
      'replace updated',
      'remove removed',
      'read unavailable',
    ]);
    expect(calls.at(-1)).toMatchObject({ table: 'accounts', reason: 'AuthorizationFailure' });
    for (const { milliseconds } of calls) expect(milliseconds).toBeGreaterThan(0);
    expect(JSON.stringify(calls)).not.toMatch(/secret/);
  });
});

describe('the managed identity', () => {
  it('gives no token to an endpoint without TLS', async () => {
    const tables = openTables({ kind: 'endpoint', endpoint: service.endpoint });
    expect((await tables.accounts.read(KEY)).outcome).toBe('unavailable');
    expect(service.requests).toEqual({ creations: 0, entities: [] });
  });
});
