import { beforeAll, describe, expect, it } from '@jest/globals';
import { duringTests, localWorld } from './support/ground.ts';
import { ownTables } from './support/own-tables.ts';
import { bringHolder, callApi, type Holder, holderOf, signOut, wasRevoked } from './support/revocations.ts';
import { send } from './support/wire.ts';
import { RAISE_MILLISECONDS } from './support/world.ts';

const world = localWorld({ AUTH_PROTOCOL: 'oidc' }, { dialect: 'standard' });
const bySession = duringTests(() => world.startApp({ SIGNOUT_SCOPE: 'session' }));

const revoked = (...holders: readonly Holder[]): boolean[] => holders.map((holder) => wasRevoked(world, holder));
/** The receipts that the log has of this door. */
const receipts = (door: string, { host } = world.app): { revocations?: unknown }[] =>
  host.lines.filter((line) => line.includes(`"signout.completed","door":"${door}"`)).map((line) => JSON.parse(line));
const oneOf = (revoked: number, failed = 0) => ({ revocations: { revoked, failed } });

describe('a sign-out has revoked, when it is answered, the refresh tokens of what it ended', () => {
  it('by the own button: of every device', async () => {
    const laptop = await bringHolder(world);
    const phone = await bringHolder(world, laptop.person);
    const other = await bringHolder(world);
    expect((await signOut(laptop)).status).toBe(303);
    expect(revoked(laptop, phone, other)).toEqual([true, true, false]);
    expect(receipts('own').at(-1)).toMatchObject(oneOf(2));
    expect((await callApi(other)).status).toBe(200);
  });

  it('by the own button, for one OP session: of that alone, and the other device goes on', async () => {
    const laptop = await bringHolder(world, world.newPerson(), bySession);
    const phone = await bringHolder(world, laptop.person, bySession);
    expect((await signOut(laptop)).status).toBe(303);
    expect(revoked(laptop, phone)).toEqual([true, false]);
    expect((await callApi(phone)).status).toBe(200);
  });

  it('by the front channel', async () => {
    const { sid } = await bringHolder(world);
    const named = await bringHolder(world);
    const answer = await send(`${world.app.origin}/auth/signout-callback?sid=${named.sid}`);
    expect([answer.status, answer.text.includes('error')]).toEqual([200, false]);
    expect(sid).not.toBe(named.sid);
    expect(revoked(named)).toEqual([true]);
    expect(receipts('front-channel').at(-1)).toMatchObject(oneOf(1));
  });

  it('by the back channel', async () => {
    const named = await bringHolder(world);
    const token = await world.op.logoutToken(world.app.clientId, { sid: named.sid });
    const answer = await send(`${world.app.origin}/auth/backchannel-logout`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `logout_token=${token}`,
    });
    expect(answer.status).toBe(200);
    expect(revoked(named)).toEqual([true]);
    expect(receipts('back-channel').at(-1)).toMatchObject(oneOf(1));
  });

  it('by the list of sessions: of the one that was picked', async () => {
    const laptop = await bringHolder(world);
    const phone = await bringHolder(world, laptop.person);
    const ended = await laptop.browser.fetch(`${world.app.origin}/auth/sessions/${phone.sessionId}`, {
      method: 'DELETE',
      headers: { 'x-csrf': '1' },
    });
    expect(ended.status).toBe(204);
    expect(revoked(laptop, phone)).toEqual([false, true]);
    expect((await callApi(laptop)).status).toBe(200);
    expect(receipts('sessions').at(-1)).toMatchObject(oneOf(1));
  });
});

describe('a session that ends otherwise has its refresh token revoked', () => {
  it('when somebody else signs in in the same browser', async () => {
    const first = await bringHolder(world);
    const second = await bringHolder(world);
    const setOut = `${world.app.origin}/auth/signin?prompt=login&loginHint=${second.person.upn}`;
    const back = await first.browser.follow(
      await first.browser.navigate(setOut),
      ({ pathname }) => pathname === '/auth/callback',
    );
    const answer = await first.browser.navigate(String(back.headers.location), world.op.origin);
    expect(answer.status).toBe(303);
    expect(revoked(first)).toEqual([true]);
    const now = await holderOf(world, world.app, { ...first, person: second.person });
    expect((await callApi(now)).status).toBe(200);
  });

  it('and is left alone when the same person signs in again by the same OP session: it would end the new one', async () => {
    const first = await bringHolder(world);
    const back = await first.browser.follow(
      await first.browser.navigate(`${world.app.origin}/auth/signin`),
      ({ pathname }) => pathname === '/auth/callback',
    );
    expect((await first.browser.navigate(String(back.headers.location), world.op.origin)).status).toBe(303);
    const now = await holderOf(world, world.app, first);
    expect(now.refreshToken).not.toBe(first.refreshToken);
    expect(revoked(first, now)).toEqual([false, false]);
    await signOut(now);
    expect(revoked(now)).toEqual([true]);
  });
});

describe('while the tables are down', () => {
  const tables = ownTables();
  const app = duringTests(() => world.startApp(tables.settings));
  let holder: Holder;
  beforeAll(async () => {
    const { browser, ...arrived } = await bringHolder({ ...world, azurite: tables.azurite }, world.newPerson(), app);
    holder = { browser, ...arrived };
    await tables.stop();
  }, RAISE_MILLISECONDS);

  it('nothing is revoked: the session stands as yet, and must not stand without its tokens', async () => {
    expect((await signOut(holder)).status).toBe(503);
    expect(revoked(holder)).toEqual([false]);
  });

  it('the queue, which finishes the sign-out, has it revoked', async () => {
    await tables.start();
    await app.host.line(/"signout.completed","door":"own",.*"tries":[1-9].*"revoked":1/);
    expect(revoked(holder)).toEqual([true]);
  }, 120_000);
});

describe('what the OP does about it changes nothing here', () => {
  it('where it refuses: the person is signed out, and the receipt says what was not revoked', async () => {
    const holder = await bringHolder(world);
    world.op.failNext('revoke', 'temporarily_unavailable', 503);
    expect((await signOut(holder)).status).toBe(303);
    expect(revoked(holder)).toEqual([false]);
    expect(receipts('own').at(-1)).toMatchObject(oneOf(0, 1));
    expect((await holder.browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(401);
  });

  it('where it hangs: the person is signed out all the same, in bounded time', async () => {
    const holder = await bringHolder(world);
    const hold = world.op.holdNext('revoke');
    const answering = signOut(holder);
    await hold.arrived;
    // Gone before the OP has said anything.
    expect((await holder.browser.copy().fetch(`${world.app.origin}/auth/session`)).status).toBe(401);
    expect((await answering).status).toBe(303);
    expect(receipts('own').at(-1)).toMatchObject(oneOf(0, 1));
    hold.release();
  });

  it('no refresh token is in any log', async () => {
    expect(world.op.revocations.length).toBeGreaterThan(5);
    const lines = [world.app, bySession].flatMap(({ host }) => host.lines).join('\n');
    for (const { token } of world.op.revocations) expect(lines).not.toContain(token);
  });
});

describe('nothing is revoked', () => {
  it('with AUTH_REVOCATION=off', async () => {
    const app = await world.startApp({ AUTH_REVOCATION: 'off' });
    const holder = await bringHolder(world, world.newPerson(), app);
    await signOut(holder);
    expect([revoked(holder), receipts('own', app)[0]?.revocations]).toEqual([[false], undefined]);
  });

  it("in Entra ID's dialect, which knows of no revocation, whatever the metadata has", async () => {
    const app = await world.startApp({ AUTH_PROTOCOL: 'entra', AUTH_REVOCATION: undefined });
    const holder = await bringHolder(world, world.newPerson(), app);
    await signOut(holder);
    expect(revoked(holder)).toEqual([false]);
  });
});
