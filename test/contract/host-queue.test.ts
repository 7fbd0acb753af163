import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { freePort } from '../../local/free-port.ts';
import type { SpawnedHost } from '../../local/host/spawn.ts';
import { startFixture } from '../local/host/fixture.ts';

let azurite: Azurite;
let service: QueueServiceClient;

beforeAll(async () => {
  azurite = await startAzurite();
  service = QueueServiceClient.fromConnectionString(azurite.queueConnectionString);
});
afterAll(() => azurite.stop());

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

describe('the storage queue trigger', () => {
  let host: SpawnedHost;
  beforeEach(async () => {
    host = await startFixture('queue', { AzureWebJobsStorage: azurite.queueConnectionString });
  });
  afterEach(async () => {
    await host.stop();
    await service.getQueueClient('jobs').deleteIfExists();
    await service.getQueueClient('jobs-poison').deleteIfExists();
  });
  const jobs = () => service.getQueueClient('jobs');
  const poison = () => service.getQueueClient('jobs-poison');
  const deliveries = () =>
    host.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line).dequeueCount as number);

  it('does not create the queue, and takes messages once it is there', async () => {
    expect((await fetch(`${host.origin}/alive`)).status).toBe(200);
    expect(await jobs().exists()).toBe(false);
    await jobs().create();
    await jobs().sendMessage(base64({ id: 7 }));
    expect(JSON.parse(await host.line(/"id":7/))).toEqual({ message: { id: 7 }, dequeueCount: 1 });
  });

  it('deletes a message that was worked on, before it stops', async () => {
    await jobs().create();
    await jobs().sendMessage(base64({ id: 8 }));
    await host.line(/"id":8/);
    await host.stop();
    expect((await jobs().getProperties()).approximateMessagesCount).toBe(0);
    expect(await poison().exists()).toBe(false);
  });

  it('delivers a message that fails five times, then moves it to the poison queue as it was', async () => {
    await jobs().create();
    await jobs().sendMessage(base64({ fail: true }));
    await host.line(/^host: a message of jobs has been moved to jobs-poison \(delivery 5\)$/);
    expect(deliveries()).toEqual([1, 2, 3, 4, 5]);
    const { peekedMessageItems } = await poison().peekMessages();
    expect(peekedMessageItems.map((message) => message.messageText)).toEqual([base64({ fail: true })]);
    expect((await jobs().getProperties()).approximateMessagesCount).toBe(0);
  });

  it('moves a message that is not base64 to the poison queue undelivered', async () => {
    await jobs().create();
    await jobs().sendMessage('not base64!');
    await host.line(/has been moved to jobs-poison/);
    expect(deliveries()).toEqual([]);
  });

  it('hands over text that is not JSON as text', async () => {
    await jobs().create();
    await jobs().sendMessage(Buffer.from('plain').toString('base64'));
    expect(JSON.parse(await host.line(/"plain"/))).toMatchObject({ message: 'plain' });
  });
});

it('a host whose storage is out of reach says so once, and ends in time', async () => {
  const port = await freePort();
  const out = await startFixture('queue', {
    AzureWebJobsStorage: azurite.queueConnectionString.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`),
  });
  await out.line(/^host: queue jobs: /);
  expect((await fetch(`${out.origin}/alive`)).status).toBe(200);
  expect(await out.stop()).toEqual({ code: 0, signal: null });
  expect(out.lines.filter((line) => line.startsWith('host: queue jobs: '))).toHaveLength(1);
});
