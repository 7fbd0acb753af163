import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemAmbient } from '../../../shared/ambient/system.ts';
import { sdkCredential } from '../../../shared/identity/sdk-credential.ts';
import type { Table } from '../../../shared/store/table.ts';
import { createAzureTable } from '../../../shared/tables/azure-table.ts';
import { createCaller } from '../../../shared/tables/caller.ts';
import { clientFactory } from '../../../shared/tables/clients.ts';
import { createExchange } from '../../../shared/tables/exchange.ts';
import { assertKeyPart } from '../../../shared/tables/limits.ts';
import { pointReads } from '../../../shared/tables/point-reads.ts';
import { anyText } from '../../fuzz/support/arbitraries.ts';
import { noIdentity } from '../../support/no-identity.ts';
import { answered, done, failed, hangs, reset, type StandInService, startStandInService } from './stand-in-service.ts';

const KEY = { partitionKey: 'secret-partition', rowKey: 'secret-row' };
/** The clock stands still, so that both sign at one time. */
const ambient = { ...systemAmbient, now: () => Date.parse('2026-11-29T09:00:00Z'), sleep: async () => {} };

let service: StandInService;
/** Both read by one caller from one service, each in its own way. */
let own: Table;
let sdks: Table;
const tablesOf = (connectionString: string, deadlineMilliseconds = 5_000): readonly [own: Table, sdks: Table] => {
  const settings = { kind: 'connection-string', connectionString } as const;
  const client = clientFactory(settings, sdkCredential(noIdentity))('accounts');
  const caller = createCaller({ ambient, deadlineMilliseconds, createTable: async () => {} });
  const pointRead = pointReads(settings, noIdentity, ambient)('accounts');
  if (pointRead === undefined) throw new Error('the SDK alone reads this');
  return [createAzureTable(client, caller, pointRead), createAzureTable(client, caller)];
};

beforeAll(async () => {
  service = await startStandInService();
});
afterAll(() => service.close());
beforeEach(() => {
  service.answers = [done];
  service.reset();
  [own, sdks] = tablesOf(service.connectionString);
});

const anyKeyPart = anyText(30, 1).filter((part) => {
  try {
    assertKeyPart(part);
    return true;
  } catch {
    return false;
  }
});
const anySelection = fc.option(fc.array(fc.stringMatching(/^[a-z]_[0-9a-f]{1,32}$/), { maxLength: 3 }), {
  nil: undefined,
});

describe("what the service gets of our own read is what it gets of the SDK's", () => {
  it.each([
    ['signed by the key', (it: StandInService) => it.connectionString],
    [
      'with a shared access signature',
      (it: StandInService) =>
        `TableEndpoint=${it.endpoint}/;SharedAccessSignature=sv=2019-02-02&ss=t&sig=a%2Bb%3D&se=x:1`,
    ],
  ])('%s: the same target byte for byte, whatever the key', async (_, connectionString) => {
    const [own, sdks] = tablesOf(connectionString(service));
    await fc.assert(
      fc.asyncProperty(anyKeyPart, anyKeyPart, anySelection, async (partitionKey, rowKey, select) => {
        service.reset();
        await own.read({ partitionKey, rowKey }, select);
        await sdks.read({ partitionKey, rowKey }, select);
        const [ours, theirs] = service.requests.entities;
        expect(ours).toBe(theirs);
      }),
      { numRuns: 60 },
    );
  });

  it('the same version and format, and a signature that holds for it', async () => {
    await own.read({ partitionKey: "it's ü", rowKey: 'r%' }, ['s_1']);
    await sdks.read({ partitionKey: "it's ü", rowKey: 'r%' }, ['s_1']);
    const [ours = {}, theirs = {}] = service.headers;
    for (const name of ['accept', 'x-ms-version', 'dataserviceversion', 'host']) expect(ours[name]).toBe(theirs[name]);
    expect(ours['x-ms-date']).toBe('Sun, 29 Nov 2026 09:00:00 GMT');
    expect(ours.authorization).toMatch(/^SharedKeyLite account:[A-Za-z0-9+/]{43}=$/);
    expect(Object.keys(ours).sort()).toEqual([
      ...['accept', 'authorization', 'connection', 'dataserviceversion', 'host', 'user-agent', 'x-ms-date'],
      'x-ms-version',
    ]);
  });
});

/** Every type that the service has, values that are not of their type, and names of every kind. */
const anyJson = fc
  .dictionary(
    fc.oneof(
      fc.constantFrom('expiresOn', 'Timestamp', 'odata.metadata', '__proto__', 'constructor', 'größe', '1a'),
      fc.stringMatching(/^[sl]_[0-9a-f]{1,4}$/),
    ),
    fc.tuple(
      fc.constantFrom(
        ...['', '', 'Edm.String', 'Edm.Binary', 'Edm.DateTime', 'Edm.Int32', 'Edm.Int64', 'Edm.Guid'],
        ...['Edm.Double', 'Edm.Boolean', 'Edm.Nonsense'],
      ),
      fc.oneof(
        fc.constantFrom<unknown>(
          '',
          'AQI=',
          '!',
          '-_8',
          '2026-11-29T09:00:00.0070000Z',
          '9999-12-31T23:59:59.9999999Z',
        ),
        fc.constantFrom<unknown>('7', 'NaN', 7, -1, 0.5, 2 ** 31, true, false, null, '1600-01-01T00:00:00Z', '\ud800'),
        fc.constantFrom<unknown>([], {}, 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'),
        fc.string(),
      ),
    ),
    { maxKeys: 5 },
  )
  .map((entries) => {
    const properties = Object.entries(entries).flatMap(([name, [type, value]]) => [
      [name, value],
      ...(type === '' ? [] : [[`${name}@odata.type`, type]]),
    ]);
    return Object.fromEntries([['odata.etag', 'W/"1"'], ...properties]) as Record<string, unknown>;
  });

/** Of what is typed, only what the service itself could have sent. */
const isSound = (json: Record<string, unknown>): boolean =>
  Object.entries(json).every(([name, value]) => {
    const type = json[`${name}@odata.type`];
    if (type === 'Edm.Binary' || type === 'Edm.DateTime' || type === 'Edm.Guid') return typeof value === 'string';
    return type === 'Edm.Int64' ? typeof value === 'string' && /^-?\d+$/.test(value) : type !== 'Edm.Nonsense';
  });

describe('an entity', () => {
  it('is the same by our own read and by the SDK, whatever is in it', () =>
    fc.assert(
      fc.asyncProperty(anyJson, async (json) => {
        service.answers = [answered(200, JSON.stringify(json))];
        const [ours, theirs] = [await own.read(KEY), await sdks.read(KEY)];
        if (isSound(json)) expect(ours).toEqual(theirs);
        else expect(['found', 'unavailable']).toContain(ours.outcome);
      }),
      { numRuns: 150 },
    ));

  it.each([
    ['of another partition', { PartitionKey: 'other' }],
    ['of another row', { RowKey: 'secret-ROW' }],
    ['without an ETag', { 'odata.etag': '' }],
    ['with an ETag that is none', { 'odata.etag': 1 }],
    ['with bytes that are none', { a: 7, 'a@odata.type': 'Edm.Binary' }],
    ['with a type that nobody knows', { a: '7', 'a@odata.type': 'Edm.Byte' }],
  ])('%s is no answer, and nothing is asked again', async (_, lie) => {
    service.answers = [answered(200, JSON.stringify({ 'odata.etag': 'W/"1"', ...lie }))];
    expect(await own.read(KEY)).toEqual({ outcome: 'unavailable', reason: 'not-an-answer' });
    expect(service.requests.entities).toHaveLength(1);
  });
});

describe('an answer', () => {
  it.each([301, 302, 303, 307, 308])(
    'of %i is none: nobody is led elsewhere with what a request carries',
    async (status) => {
      const elsewhere = await startStandInService();
      service.answers = [answered(status, '', { location: `${elsewhere.endpoint}/accounts` })];
      expect(await own.read(KEY)).toEqual({ outcome: 'unavailable', reason: 'not-an-answer' });
      expect(elsewhere.requests.entities).toEqual([]);
      await elsewhere.close();
    },
  );

  it('longer than any entity is given up in the middle, and the next read has a connection', async () => {
    let sent = 0;
    let isOver = false;
    service.answers = [
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.once('close', () => {
          isOver = true;
        });
        const more = (): void => {
          while (!response.destroyed && sent < 64 * 2 ** 20 && response.write(Buffer.alloc(65_536, 0x20)))
            sent += 65_536;
        };
        response.on('drain', more);
        more();
      },
      done,
    ];
    expect(await own.read(KEY)).toEqual({ outcome: 'unavailable', reason: 'not-an-answer' });
    expect((await own.read(KEY)).outcome).toBe('found');
    expect(isOver).toBe(true);
    expect(sent).toBeLessThan(32 * 2 ** 20);
  });

  it('that says why in a header only is understood', async () => {
    const body = '<?xml version="1.0"?><Error><Code>InvalidAuthenticationInfo</Code></Error>';
    service.answers = [answered(403, body, { 'x-ms-error-code': 'InvalidAuthenticationInfo' })];
    expect(await own.read(KEY)).toEqual({ outcome: 'unavailable', reason: 'InvalidAuthenticationInfo' });
  });

  it('that says two things is believed by its body', async () => {
    service.answers = [failed(404, 'TableNotFound', { 'x-ms-error-code': 'ResourceNotFound' })];
    expect(await own.read(KEY)).toEqual({ outcome: 'unavailable', reason: 'TableNotFound' });
  });

  it('of a wrong key is not asked for again: another signature would be the same', async () => {
    service.answers = [failed(401, 'AuthenticationFailed', { 'www-authenticate': 'Bearer' })];
    expect(await own.read(KEY)).toEqual({ outcome: 'unavailable', reason: 'AuthenticationFailed' });
    expect(service.requests.entities).toHaveLength(1);
  });
});

describe('a connection', () => {
  it('is kept for the next read', async () => {
    const sockets = new Set<unknown>();
    service.answers = [
      (response) => {
        sockets.add(response.socket);
        done(response);
      },
    ];
    for (let reads = 0; reads < 5; reads += 1) {
      await own.read(KEY);
      // undici has a connection rest for one turn of the loop: a server that closes it after all has done so by then.
      await setImmediate();
    }
    expect(sockets.size).toBe(1);
  });

  it('that died while it rested costs a second attempt, not the read', async () => {
    await own.read(KEY);
    service.answers = [reset, done];
    service.reset();
    expect((await own.read(KEY)).outcome).toBe('found');
    expect(service.requests.entities).toHaveLength(2);
  });

  it('is closed when its read is given up, and serves nobody else', async () => {
    const [impatient] = tablesOf(service.connectionString, 50);
    const closed = Promise.withResolvers<void>();
    service.answers = [
      (response) => {
        response.socket?.once('close', () => closed.resolve());
        hangs(response);
      },
      done,
    ];
    expect(await impatient.read(KEY)).toEqual({ outcome: 'unavailable', reason: 'deadline' });
    await closed.promise;
    expect((await impatient.read(KEY)).outcome).toBe('found');
  });

  it('carries one request at a time', async () => {
    const perSocket = new Map<unknown, number>();
    let most = 0;
    service.answers = [
      (response) => {
        const under = (perSocket.get(response.socket) ?? 0) + 1;
        perSocket.set(response.socket, under);
        most = Math.max(most, under);
        void setImmediate().then(() => {
          perSocket.set(response.socket, under - 1);
          done(response);
        });
      },
    ];
    await Promise.all(Array.from({ length: 20 }, () => own.read(KEY)));
    expect(most).toBe(1);
  });

  it('is not given up with those who waited for it until nobody waited for them', async () => {
    const exchange = createExchange(new URL(service.endpoint).origin, { connections: 1 });
    const read = (signal: AbortSignal) => exchange('/account/accounts', [], signal);
    const sockets = new Set<unknown>();
    const opened = Promise.withResolvers<void>();
    service.answers = [
      (response) => {
        sockets.add(response.socket);
        opened.resolve();
      },
      (response) => {
        sockets.add(response.socket);
        done(response);
      },
    ];
    const controller = new AbortController();
    const given = Array.from({ length: 20 }, () => read(controller.signal).catch((error: unknown) => error));
    await opened.promise;
    const patient = read(AbortSignal.timeout(5_000));
    controller.abort(new RangeError('too late'));
    for (const error of await Promise.all(given)) expect(error).toEqual(new RangeError('too late'));
    expect((await patient).status).toBe(200);
    expect(service.requests.entities).toHaveLength(2);
    // The one that hung, and one for all who came after it.
    expect(sockets.size).toBe(2);
    expect(service.connections()).toBeLessThanOrEqual(2);
  });
});
