import { expect } from '@jest/globals';
import { registration } from '../../local/stage/applications.ts';
import { Browser } from '../http/support/browser.ts';
import { localWorld } from '../http/support/ground.ts';
import { policy } from '../http/support/headers.ts';
import { type Arrived, bringIn } from '../http/support/sign-in.ts';
import { accountRow } from '../http/support/stored.ts';
import { expectHttpsAlone } from './checks/https-alone.ts';
import { conforms } from './conforms.ts';
import { frontChannelLogout } from './specs/front-channel-logout.ts';

const world = localWorld();

const signedIn = () => bringIn(world);
/** As the OP's iframe asks: from another site, with no cookie. */
const framed = (query: Record<string, string>) =>
  new Browser().frame(`${world.app.origin}/auth/signout-callback?${new URLSearchParams(query)}`, world.op.origin);
/** The address that is registered, which the OP calls. */
const registered = () => {
  const { frontchannelLogoutUri = '', redirectUris } = registration(world.app);
  return { uri: new URL(frontchannelLogoutUri), redirectUris };
};
const isGone = async ({ person }: Arrived) => (await accountRow(world, person, world.app)) === undefined;

conforms(frontChannelLogout, {
  '2-same-origin': async () => {
    const { uri, redirectUris } = registered();
    expect(redirectUris.map((redirectUri) => new URL(redirectUri).origin)).toEqual([uri.origin]);
    expect((await new Browser().navigate(uri.href)).status).toBe(200);
  },
  '2-absolute': () => expect(registered().uri.href).toBe(`${world.app.origin}/auth/signout-callback`),
  '2-fragment': () => expect(registered().uri.hash).toBe(''),
  '2-iss-and-sid': async () => {
    const [one, other] = [await signedIn(), await signedIn()];
    expect((await framed({ iss: world.op.issuer })).status).toBe(200);
    expect((await framed({ iss: 'https://login.evil.example/v2.0', sid: one.sid })).status).toBe(400);
    expect([await isGone(one), await isGone(other)]).toEqual([false, false]);
    expect((await framed({ sid: one.sid })).status).toBe(200);
    expect([await isGone(one), await isGone(other)]).toEqual([true, false]);
  },
  '2-no-store': async () => {
    const { sid } = await signedIn();
    for (const query of [{ sid }, { sid: 'of-nobody' }, { iss: 'https://login.evil.example', sid }]) {
      expect((await framed(query)).headers['cache-control']).toBe('no-store');
    }
  },
  '2-https': expectHttpsAlone,
  '2-clears': async () => {
    const visitor = await signedIn();
    await framed({ iss: world.op.issuer, sid: visitor.sid });
    expect(await isGone(visitor)).toBe(true);
    expect((await visitor.browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(401);
  },
  '2-framable': async () => {
    const { headers } = await framed({ sid: 'of-nobody' });
    expect(headers['content-security-policy']).toBe(policy([], [world.op.origin]));
    expect(headers).not.toHaveProperty('x-frame-options');
  },
  '2-already': async () => {
    const { sid } = await signedIn();
    const answers = [await framed({ sid }), await framed({ sid })];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
  },
});
