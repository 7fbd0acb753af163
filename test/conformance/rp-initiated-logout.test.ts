import { expect } from '@jest/globals';
import { registration } from '../../local/stage/applications.ts';
import { locationOf } from '../http/support/browser.ts';
import { localWorld } from '../http/support/ground.ts';
import { expectPage } from '../http/support/headers.ts';
import { bringIn } from '../http/support/sign-in.ts';
import { accountRow } from '../http/support/stored.ts';
import { expectHttpsAlone } from './checks/https-alone.ts';
import { conforms } from './conforms.ts';
import { rpInitiatedLogout } from './specs/rp-initiated-logout.ts';

const world = localWorld();

/** Signs in, then out, as far as the redirect to the OP. */
async function leaves() {
  const { browser, person } = await bringIn(world);
  const answer = await browser.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);
  const request = locationOf(answer);
  if (request === null) throw new Error(`no redirect: ${answer.status}`);
  return { browser, person, answer, request: request.searchParams };
}

const noIdToken = async () => {
  const { request } = await leaves();
  expect([request.has('id_token_hint'), request.has('logout_hint')]).toEqual([false, true]);
};

conforms(rpInitiatedLogout, {
  '2-id-token-hint': noIdToken,
  '2-https': expectHttpsAlone,
  '2-registered': async () => {
    const { browser, answer, request } = await leaves();
    const { postLogoutRedirectUris } = registration(world.app);
    expect(request.getAll('post_logout_redirect_uri')).toEqual(postLogoutRedirectUris);
    const goodbye = await browser.follow(answer);
    expect(goodbye.text).toContain(`${world.app.origin}/auth/signed-out`);
  },
  '2-client-id': async () => {
    expect((await leaves()).request.getAll('client_id')).toEqual([world.app.clientId]);
  },
  '2-state': async () => {
    const { browser, request } = await leaves();
    const state = request.get('state') ?? '';
    expect(state).toMatch(/^[A-Za-z0-9_-]{22}$/);
    for (const query of [`?state=${state}`, '']) {
      const answer = await browser.navigate(`${world.app.origin}/auth/signed-out${query}`, world.op.origin);
      expectPage(answer, 200, 'You are signed out');
    }
  },
  '2-own-session': async () => {
    const { browser, person, answer } = await leaves();
    expect(answer.status).toBe(303);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
    const again = await browser.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);
    expect([again.status, again.headers.location]).toEqual([303, '/auth/signed-out']);
  },
  '3-id-token-hint': noIdToken,
  '3.1-https': expectHttpsAlone,
});
