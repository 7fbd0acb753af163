import { describe, expect, it } from '@jest/globals';
import { compose } from '../../functions/compose.ts';
import { registration } from '../../local/stage/applications.ts';
import { systemAmbient } from '../../shared/ambient/system.ts';
import { watchConnections } from '../../shared/connection/connections.ts';
import { parseSettings } from '../../shared/settings/parse.ts';
import { sweepAndRevoke } from '../../shared/sweep/revoke-swept.ts';
import { postToken } from '../local/op/browser.ts';
import { callAt } from './support/call-at.ts';
import { duringTests, localWorld } from './support/ground.ts';
import { letPass } from './support/let-pass.ts';
import { ownCertificate } from './support/own-certificate.ts';
import { bringHolder, callApi, type Holder, holderOf, signOut, wasRevoked } from './support/revocations.ts';
import { arrive, callBack, goToCallback } from './support/sign-in.ts';
import type { World } from './support/world.ts';

const OIDC = { AUTH_PROTOCOL: 'oidc' };
const HOUR = 60 * 60 * 1000;

/** Whether the OP still takes a refresh token. */
async function isGood({ op }: World, { app, refreshToken }: Holder): Promise<boolean> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, scope: 'openid' };
  return (await postToken(op, registration(app), form)).status === 200;
}

/** The same person at the time when the OP has to vouch for them again: the next call redeems their refresh token. */
async function whenDue(world: World, holder: Holder): Promise<Holder> {
  await letPass(world, world.app, holder.person, 2 * HOUR);
  return holder;
}

describe('at an OP that revokes a refresh token alone, and whose refresh tokens stay good when they are rotated', () => {
  const world = localWorld({ ...OIDC, AUTH_REVOCATION: 'token' }, { dialect: 'standard', revocationReach: 'token' });
  /** Trusts no ID token of the OP. */
  const mistrusting = duringTests(() => world.startApp({ AUTH_SIGNING_ALGORITHMS: 'ES256' }));

  it('the refresh token that a new one overwrites is revoked, and the session lives on by the new one', async () => {
    const before = await whenDue(world, await bringHolder(world));
    expect((await callApi(before)).status).toBe(200);
    const after = await holderOf(world, world.app, before);
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect([wasRevoked(world, before), wasRevoked(world, after)]).toEqual([true, false]);
    expect([await isGood(world, before), (await callApi(after)).status]).toEqual([false, 200]);
  });

  it('a refresh that comes back after the sign-out has its refresh token revoked, too', async () => {
    const holder = await whenDue(world, await bringHolder(world));
    const issued = world.op.issued.length;
    const hold = world.op.holdNext('token');
    const calling = callApi(holder);
    await hold.arrived;
    // Else the OP would have nothing to give for the refresh token that is on its way.
    world.op.failNext('revoke', 'temporarily_unavailable', 503);
    expect((await signOut(holder)).status).toBe(303);
    hold.release();
    expect((await calling).status).toBe(401);
    const late = world.op.issued.slice(issued);
    expect(world.op.revocations.filter(({ token }) => late.includes(token))).toMatchObject([{ failed: false }]);
  });

  it('a session that another of the same browser replaces has its refresh token revoked', async () => {
    const before = await bringHolder(world);
    const callback = await goToCallback(before.browser, world.app, before.person);
    expect((await callBack(before.browser, callback)).status).toBe(303);
    const after = await holderOf(world, world.app, before);
    expect([wasRevoked(world, before), wasRevoked(world, after)]).toEqual([true, false]);
  });

  it('a sign-in that is refused after its code was redeemed leaves no refresh token behind', async () => {
    const { browser, callback } = await arrive(world, world.newPerson(), mistrusting);
    const issued = world.op.issued.length;
    expect((await callBack(browser, callback)).status).toBe(403);
    const fresh = world.op.issued.slice(issued);
    expect(world.op.revocations.filter(({ token }) => fresh.includes(token))).toEqual([
      { token: expect.any(String), hint: 'refresh_token', failed: false },
    ]);
  });

  it('what has expired is revoked when it is swept, once, and what has not is left alone', async () => {
    const app = await world.startApp();
    const expired = await bringHolder(world, world.newPerson(), app);
    const composed = compose(parseSettings(app.environment), watchConnections());
    if (!composed.ok) throw new Error('mistaken settings');
    const { application } = composed.composition;
    const sweepAfter = (hours: number) => {
      const ambient = { ...systemAmbient, now: () => Date.now() + hours * HOUR };
      return sweepAndRevoke({ ...application, store: { ...application.store, ambient } });
    };
    expect(await sweepAfter(0)).toMatchObject({ revocations: { revoked: 0, failed: 0 } });
    expect(wasRevoked(world, expired)).toBe(false);
    expect(await sweepAfter(14)).toMatchObject({ counts: { accounts: 1 }, revocations: { revoked: 1, failed: 0 } });
    expect(wasRevoked(world, expired)).toBe(true);
    expect(await sweepAfter(14)).toMatchObject({ revocations: { revoked: 0, failed: 0 } });
  });
});

describe('at an OP that revokes all of a sign-in with its refresh token', () => {
  const world = localWorld(OIDC, { dialect: 'standard' });
  const mistrusting = duringTests(() => world.startApp({ AUTH_SIGNING_ALGORITHMS: 'ES256' }));

  it('the refresh token that a new one overwrites is not revoked: both would die', async () => {
    const before = await whenDue(world, await bringHolder(world));
    expect((await callApi(before)).status).toBe(200);
    const after = await holderOf(world, world.app, before);
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect([wasRevoked(world, before), wasRevoked(world, after)]).toEqual([false, false]);
    expect((await callApi(after)).status).toBe(200);
    await signOut(await holderOf(world, world.app, before));
    expect(await isGood(world, before)).toBe(false);
  });

  it('a person who is refused keeps the session that they have here by the same OP session', async () => {
    // The same application, whose next instance trusts less.
    const holder = await bringHolder(world);
    const instance = await world.startInstance(world.app, { AUTH_SIGNING_ALGORITHMS: 'ES256' });
    const callback = new URL(await goToCallback(holder.browser, world.app, holder.person));
    callback.port = String(instance.port);
    const revocations = world.op.revocations.length;
    expect((await callBack(holder.browser, callback.href)).status).toBe(403);
    expect(world.op.revocations).toHaveLength(revocations);
    expect((await callApi(holder)).status).toBe(200);
  });

  it('a person who is refused and has nothing here leaves no refresh token behind', async () => {
    const { browser, callback } = await arrive(world, world.newPerson(), mistrusting);
    const revocations = world.op.revocations.length;
    expect((await callBack(browser, callback)).status).toBe(403);
    expect(world.op.revocations).toHaveLength(revocations + 1);
  });
});

describe('at an OP at which a refresh token is good once, and one that comes twice ends its family (RFC 9700)', () => {
  const world = localWorld(OIDC, { dialect: 'standard', refreshTokenReuse: 'revoke-family' });
  const CALLS = 20;

  it('none comes twice, from however many calls at once in two processes, refresh after refresh', async () => {
    const holder = await bringHolder(world);
    const other = { ...world.app, host: await world.startInstance(world.app) };
    const before = world.op.refreshCount;
    for (const round of [1, 2, 3]) {
      await whenDue(world, holder);
      const answers = await Promise.all(
        Array.from({ length: CALLS }, (_, call) =>
          callAt(call % 2 === 0 ? world.app : other, holder.browser, '/api/graph/me'),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(CALLS).fill(200));
      expect(world.op.refreshCount).toBe(before + round);
    }
    expect(world.op.revocations).toEqual([]);
  });
});

describe('at an OP that revokes all of an account with one refresh token', () => {
  const world = localWorld({ ...OIDC, AUTH_REVOCATION: 'account' }, { dialect: 'standard' });

  it('nothing is revoked as long as a session of the account stands, and with the last one what it had', async () => {
    const laptop = await bringHolder(world);
    const phone = await bringHolder(world, laptop.person);
    const ended = await laptop.browser.fetch(`${world.app.origin}/auth/sessions/${phone.sessionId}`, {
      method: 'DELETE',
      headers: { 'x-csrf': '1' },
    });
    expect([ended.status, wasRevoked(world, phone)]).toEqual([204, false]);
    expect((await signOut(laptop)).status).toBe(303);
    expect(wasRevoked(world, laptop)).toBe(true);
  });
});

describe('the application proves itself at the revocation endpoint', () => {
  describe('by a secret in the header, where the OP announces that alone', () => {
    const world = localWorld(OIDC, { dialect: 'standard', authMethods: ['client_secret_basic'] });

    it('and the token is dead', async () => {
      const holder = await bringHolder(world);
      await signOut(holder);
      expect(wasRevoked(world, holder)).toBe(true);
      expect(world.app.host.lines.join()).toContain('"revocations":{"revoked":1,"failed":0}');
    });
  });

  describe('by its certificate (private_key_jwt)', () => {
    const { pem, jwk } = ownCertificate();
    const world = localWorld(
      { ...OIDC, AUTH_CLIENT_SECRET: undefined, AUTH_CLIENT_CERTIFICATE: pem },
      { dialect: 'standard', authMethods: ['client_secret_post', 'private_key_jwt'] },
    );

    it('and the token is dead', async () => {
      world.op.register({ ...registration(world.app), jwks: { keys: [jwk] } });
      await signOut(await bringHolder(world));
      expect(world.app.host.lines.join()).toContain('"revocations":{"revoked":1,"failed":0}');
    });
  });
});
