import { QueueClient } from '@azure/storage-queue';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { duringTests, localWorld } from './support/ground.ts';
import { cookiesSet, expectPage, expectProblem, MARK_SET, SESSION_TAKEN } from './support/headers.ts';
import { ownTables } from './support/own-tables.ts';
import { type Arrived, bringIn } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';
import { send } from './support/wire.ts';
import { RAISE_MILLISECONDS } from './support/world.ts';

const world = localWorld();
const tables = ownTables();
const app = duringTests(() => world.startApp(tables.settings));
const stored = (person: { readonly oid: string }) => accountRow(tables, person, app);
const queue = () => new QueueClient(world.azurite.queueConnectionString, 'signout-retry');

describe('sign-outs that come in while the tables are down', () => {
  let people: Arrived[];
  let logoutToken = '';
  const deliver = (token: string) =>
    send(`${app.origin}/auth/backchannel-logout`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `logout_token=${token}`,
    });
  /** Two devices of one person, and the session of the second. */
  let laptop: Arrived;
  let phone: Arrived;
  let phoneId: string;
  beforeAll(async () => {
    laptop = await bringIn(world, world.newPerson(), app);
    phone = await bringIn(world, laptop.person, app);
    const { session } = (await phone.browser.fetch(`${app.origin}/auth/session`)).json<{ session: { id: string } }>();
    phoneId = session.id;
    people = [];
    for (let count = 0; count < 3; count += 1) people.push(await bringIn(world, world.newPerson(), app));
    await tables.stop();
  }, RAISE_MILLISECONDS);

  it('the own one: 503, the cookie is cleared, and the page says that it is going to be finished', async () => {
    const answer = await people[0]?.browser.submit(`${app.origin}/auth/signout`, {}, app.origin);
    if (answer === undefined) throw new Error('nobody signed in');
    expectPage(answer, 503, 'The sign-out is under way');
    const onward = new RegExp(
      `<a class="button primary" href="${world.op.origin}/[^"]*/logout\\?[^"]*client_id=${app.clientId}`,
    );
    expect(answer.text).toMatch(onward);
    expect(answer.headers['retry-after']).toBe('5');
    expect(cookiesSet(answer)).toEqual([SESSION_TAKEN, MARK_SET]);
  });

  it('one by the OP: 503, which is no acknowledgement', async () => {
    const answer = await send(`${app.origin}/auth/signout-callback?sid=${people[1]?.sid}`);
    expectProblem(answer, 503, 'signout_queued');
    expect(answer.headers['retry-after']).toBe('5');
  });

  it('one by the list of sessions: 503, though nobody can say yet whether the one who asks is signed in', async () => {
    const sent = { method: 'DELETE', headers: { 'x-csrf': '1' } };
    const answer = await laptop.browser.fetch(`${app.origin}/auth/sessions/${phoneId}`, sent);
    expectProblem(answer, 503, 'signout_queued');
    expect([answer.headers['retry-after'], answer.setCookies]).toEqual(['5', []]);
  });

  it('the list of sessions is not to be had, and nobody is told that they are signed out', async () => {
    expectProblem(await laptop.browser.fetch(`${app.origin}/auth/sessions`), 503, 'storage_unavailable');
  });

  it('one by the OP, server to server: 503 as well', async () => {
    logoutToken = await world.op.logoutToken(app.clientId, { sid: people[2]?.sid });
    const answer = await deliver(logoutToken);
    expectProblem(answer, 503, 'signout_queued');
    expect(answer.headers['retry-after']).toBe('5');
  });

  it('the queue holds nothing of them in clear', async () => {
    const { peekedMessageItems } = await queue().peekMessages({ numberOfMessages: 32 });
    const text = JSON.stringify(
      peekedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString()),
    );
    const secrets = [...people, phone].flatMap(({ person, sid }) => [person.oid, person.upn, sid]);
    for (const secret of [...secrets, phoneId, app.clientId]) expect(text).not.toContain(secret);
  });

  it('all are finished as soon as the tables are back, without anyone asking again', async () => {
    await tables.start();
    const done = (door: string) => new RegExp(`"signout.completed","door":"${door}",.*"sessions":1,.*"tries":[1-9]`);
    await Promise.all(['own', 'front-channel', 'back-channel', 'sessions'].map((door) => app.host.line(done(door))));
    for (const { person } of people) expect(await stored(person)).toBeUndefined();
    for (const { browser } of people) {
      expect((await browser.fetch(`${app.origin}/auth/session`)).status).toBe(401);
    }
    expect((await phone.browser.fetch(`${app.origin}/auth/session`)).status).toBe(401);
    expect((await laptop.browser.fetch(`${app.origin}/auth/session`)).status).toBe(200);
    const { approximateMessagesCount } = await queue().getProperties();
    expect(approximateMessagesCount).toBe(0);
  }, 120_000);

  it('the OP that asks again, as 503 told it to, hears that it is done', async () => {
    expect((await deliver(logoutToken)).status).toBe(200);
    await app.host.line(/"signout.completed","door":"back-channel",.*"sessions":0/);
  });

  it('the log was loud about it, and named nobody', () => {
    const lines = app.host.lines.join('\n');
    expect(lines).toContain('"event":"signout.queued"');
    for (const { person, sid } of people) {
      expect(lines).not.toContain(person.oid);
      expect(lines).not.toContain(sid);
    }
  });
});

describe('a message that nobody can read', () => {
  it('is put aside, and those that can be read go on', async () => {
    await queue().sendMessage(Buffer.from('{"sealed":"bm90IG91cnM"}').toString('base64'));
    await Promise.race([app, world.app].map(({ host }) => host.line(/"event":"retry.failed","reason":"unreadable"/)));
    const { browser, person } = await bringIn(world, world.newPerson(), app);
    expect((await browser.submit(`${app.origin}/auth/signout`, {}, app.origin)).status).toBe(303);
    expect(await stored(person)).toBeUndefined();
    const aside = new QueueClient(world.azurite.queueConnectionString, 'signout-retry-poison');
    const { peekedMessageItems } = await aside.peekMessages();
    expect(peekedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString())).toEqual([
      '{"sealed":"bm90IG91cnM"}',
    ]);
  });
});
