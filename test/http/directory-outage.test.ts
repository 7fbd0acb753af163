import { QueueClient } from '@azure/storage-queue';
import { describe, expect, it } from '@jest/globals';
import { startAzurite } from '../../local/azurite.ts';
import type { Browser } from './support/browser.ts';
import { directoryGround, nextEnding, notificationOf, post } from './support/directory.ts';
import { expectProblem } from './support/headers.ts';
import { bringIn } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';

const { world, app } = directoryGround();

const queue = () => new QueueClient(world.azurite.queueConnectionString, 'directory-events');
const signedIn = (at = app) => bringIn(world, world.newPerson(), at);
const session = async (browser: Browser, at = app) => (await browser.fetch(`${at.origin}/auth/session`)).status;

describe('while Graph does not answer', () => {
  it.each([
    ['is down', 503, 0],
    ['asks to be left alone', 429, 1],
    ['refuses our token', 403, 0],
  ])(
    'because it %s, what it told waits, and is done when it is back without being told again',
    async (_, status, after) => {
      const { browser, person } = await signedIn();
      world.graph.fail(status, after);
      const delayed = app.host.next(/"event":"directory.delayed"/);
      await world.graph.act(person.oid, 'disable');
      expect(JSON.parse(await delayed)).toMatchObject({ reason: `status-${status}` });
      expect(await session(browser)).toBe(200);
      const waiting = (await queue().peekMessages({ numberOfMessages: 32 })).peekedMessageItems;
      const text = waiting.map(({ messageText }) => Buffer.from(messageText, 'base64').toString()).join();
      for (const secret of [person.oid, person.upn, app.clientId, world.tenant]) expect(text).not.toContain(secret);

      const receipt = nextEnding(app);
      world.graph.fail(null);
      expect(await receipt).toMatchObject({ sessions: 1 });
      expect(await session(browser)).toBe(401);
      expect(await accountRow(world, person, app)).toBeUndefined();
      expect((await queue().getProperties()).approximateMessagesCount).toBe(0);
    },
  );

  it('who was deleted for good is out all the same', async () => {
    const { browser, person } = await signedIn();
    world.graph.fail(503);
    const receipt = nextEnding(app);
    await world.graph.notify('deleted', person.oid);
    expect(await receipt).toMatchObject({ sessions: 1 });
    world.graph.fail(null);
    expect(await session(browser)).toBe(401);
  });
});

describe('while the queue takes nothing', () => {
  it('nothing is acknowledged, so that Graph sends it again', async () => {
    const away = await startAzurite();
    const lonely = await world.startSubscribed({ AzureWebJobsStorage: away.queueConnectionString });
    const { browser, person } = await signedIn(lonely);
    await away.stop();
    const answer = await post(lonely, {
      value: [notificationOf(world, lonely, person.oid, { changeType: 'deleted' })],
    });
    expectProblem(answer, 503, 'notifications_not_queued');
    expect(answer.headers['retry-after']).toBe('5');
    expect(await session(browser, lonely)).toBe(200);
    // What is not ours is no reason for Graph to come again.
    const forged = { value: [notificationOf(world, lonely, person.oid, { clientState: 'a-guess' })] };
    expect((await post(lonely, forged)).status).toBe(202);
  }, 60_000);
});
