import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { NOTIFICATIONS_MAX } from '../../shared/directory/notifications.ts';
import { Browser } from './support/browser.ts';
import { directoryGround, nextEnding, notificationOf, post } from './support/directory.ts';
import { expectProblem } from './support/headers.ts';
import { bringIn, callBack, goToCallback, throughOp } from './support/sign-in.ts';
import { storedRows } from './support/stored.ts';
import { send } from './support/wire.ts';

const { world, app } = directoryGround();

const signedIn = () => bringIn(world, world.newPerson(), app);
const session = async (browser: Browser) => (await browser.fetch(`${app.origin}/auth/session`)).status;
const shake = (query: string) => send(`${app.origin}/events/graph${query}`, { method: 'POST' });

describe("Graph's handshake", () => {
  it.each([
    [
      'Validation%3A+Testing+client+application+reachability+for+subscription+Request-Id%3A+1',
      'Validation: Testing client application reachability for subscription Request-Id: 1',
    ],
    ['%3Cscript%3Ealert(1)%3C%2Fscript%3E', '<script>alert(1)</script>'],
    ['x'.repeat(1_024), 'x'.repeat(1_024)],
  ])('gets the token %.20s back as it is, as text that nobody takes for a page', async (token, text) => {
    const before = await storedRows(world);
    const answer = await shake(`?validationToken=${token}`);
    expect([answer.status, answer.text]).toEqual([200, text]);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(await storedRows(world)).toEqual(before);
  });

  it.each([
    ['empty', '?validationToken='],
    ['there twice', '?validationToken=a&validationToken=b'],
    ['of more lines than one', '?validationToken=a%0d%0ab'],
    ['too long', `?validationToken=${'x'.repeat(1_025)}`],
  ])('with a token that is %s is refused, and none of it comes back', async (_, query) => {
    const answer = await shake(query);
    expectProblem(answer, 400, 'notifications_malformed');
    expect(answer.text).not.toContain('xxx');
  });
});

describe('what somebody posts who is not Graph', () => {
  const forgeries: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['another clientState', { clientState: 'a-guess' }],
    ['no clientState', { clientState: undefined }],
    ['a clientState that is no text', { clientState: { length: 43 } }],
    ['the fingerprint of the clientState', {}],
    ['another tenant', { tenantId: randomUUID() }],
    ['no tenant', { tenantId: undefined }],
    ['an id that is none', { resource: 'Users/me', resourceData: { id: 'me' } }],
    ['two ids', { resourceData: { id: randomUUID() } }],
    ['another kind of thing', { resource: `Groups/${randomUUID()}` }],
    ['a subscription that ended long ago', { subscriptionExpirationDateTime: '2020-01-01T00:00:00Z' }],
    ['an end that is no time', { subscriptionExpirationDateTime: 'tomorrow' }],
    ['another kind of change', { changeType: 'created' }],
    ['another kind of event', { lifecycleEvent: 'invented' }],
  ];

  it.each(forgeries)('with %s ends nobody, asks nobody, and is answered as if it counted', async (what, changes) => {
    const { browser, person } = await signedIn();
    const before = await storedRows(world);
    const [kept] = world.graph.subscriptionsOf(app.clientId);
    const fingerprint = new URL(kept?.lifecycleNotificationUrl ?? '').searchParams.get('key');
    const stolen = what.startsWith('the fingerprint') ? { clientState: fingerprint } : changes;
    const noted = app.host.next(/"directory.notified"/);
    const answer = await post(app, {
      value: [notificationOf(world, app, person.oid, { changeType: 'deleted', ...stolen })],
    });
    expect([answer.status, answer.text]).toEqual([202, '']);
    expect(JSON.parse(await noted)).toMatchObject({ users: 0, lifecycle: 0, dropped: 1 });
    expect(await session(browser)).toBe(200);
    expect(await storedRows(world)).toEqual(before);
    expect(world.graph.requests).not.toContain(`GET /users/${person.oid}`);
  });

  it.each([
    ['is no JSON', '{"value":['],
    ['is no batch', { notifications: [] }],
    ['is a list', []],
    ['is a text', '"value"'],
    ['is nested beyond reason', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['is larger than any batch', { value: [], padding: 'x'.repeat(1024 * 1024) }],
    ['has more entries than any batch, whatever they are', { value: Array(NOTIFICATIONS_MAX + 1).fill(0) }],
  ])('and %s is refused', async (_, body) => {
    expectProblem(await post(app, body), 400, 'notifications_malformed');
  });

  it('is never refused for its entries where they are real: fewer fit into what is read', () => {
    const { length } = JSON.stringify(notificationOf(world, app, randomUUID()));
    expect((1024 * 1024) / length).toBeLessThan(NOTIFICATIONS_MAX);
  });

  it('in another form than JSON is refused', async () => {
    const body = { value: [notificationOf(world, app, randomUUID())] };
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
      expectProblem(await post(app, body, type), 400, 'notifications_malformed');
    }
  });

  it('leaves the log without what it held', () => {
    expect(app.host.lines.join('\n')).not.toContain('a-guess');
  });
});

describe('a batch', () => {
  it('has each of its users seen to, whoever else is in it', async () => {
    const [disabled, unchanged, named] = [await signedIn(), await signedIn(), await signedIn()];
    world.graph.quietly(disabled.person.oid, 'disable');
    const rows = (await storedRows(world)).sids.length;
    const [noted, receipt] = [app.host.next(/"directory.notified"/), nextEnding(app)];
    const of = (oid: string, changes = {}) => notificationOf(world, app, oid, changes);
    const value = [
      of(named.person.oid, { changeType: 'deleted', clientState: 'a-guess' }),
      'no notification',
      of(unchanged.person.oid),
      of(disabled.person.oid),
      of(disabled.person.oid.toUpperCase()),
    ];
    expect((await post(app, { value }, 'application/json; charset=utf-8')).status).toBe(202);
    expect(JSON.parse(await noted)).toMatchObject({ users: 2, dropped: 2 });
    expect(await receipt).toMatchObject({ sessions: 1 });
    expect(await Promise.all([disabled, unchanged, named].map(({ browser }) => session(browser)))).toEqual([
      401, 200, 200,
    ]);
    expect(world.graph.requests).toContain(`GET /users/${unchanged.person.oid}`);
    // A tombstone: of whom nothing follows nothing is written.
    expect((await storedRows(world)).sids.length).toBe(rows + 1);
  });

  it('may come again, and ends nothing that began since', async () => {
    const { browser, person } = await signedIn();
    const body = { value: [notificationOf(world, app, person.oid)] };
    world.graph.quietly(person.oid, 'disable');
    const receipt = nextEnding(app);
    expect((await post(app, body)).status).toBe(202);
    expect(await receipt).toMatchObject({ sessions: 1 });
    expect(await session(browser)).toBe(401);

    world.graph.quietly(person.oid, 'enable');
    const back = new Browser();
    // Within the 2 s by which clocks may differ the sign-in goes round once more, and then counts as a later one.
    const refused = await callBack(back, await goToCallback(back, app, person));
    await callBack(back, await throughOp(back, app, person, refused));
    const witness = await signedIn();
    const other = nextEnding(app);
    const both = { value: [...body.value, notificationOf(world, app, witness.person.oid, { changeType: 'deleted' })] };
    expect((await post(app, both)).status).toBe(202);
    expect(await other).toMatchObject({ sessions: 1 });
    expect([await session(back), await session(witness.browser)]).toEqual([200, 401]);
  });
});
