import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { expectPage, expectProblem, policy } from './support/headers.ts';
import { type Arrived, arrive, bringIn, callBack } from './support/sign-in.ts';
import { send } from './support/wire.ts';

/** The Tables SDK tries again before it gives up. */
const PATIENCE_MILLISECONDS = 30_000;

const world = localWorld();
let browser: Browser;
let sid: string;
/** Who comes back from the OP after it went. */
let late: Arrived;
beforeAll(async () => {
  ({ browser, sid } = await bringIn(world));
  late = await arrive(world);
  await world.azurite.stop();
});

describe('with the storage down', () => {
  it(
    'a sign-out by the OP is not acknowledged as done',
    async () => {
      const answer = await send(`${world.app.origin}/auth/signout-callback?sid=${sid}`);
      expectProblem(answer, 503, 'signout_unfinished');
      expect(answer.headers['retry-after']).toBe('1');
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'a sign-out by the OP, server to server, is not acknowledged as done',
    async () => {
      const logoutToken = await world.op.logoutToken(world.app.clientId, { sid });
      const answer = await send(`${world.app.origin}/auth/backchannel-logout`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `logout_token=${logoutToken}`,
      });
      expectProblem(answer, 503, 'signout_unfinished');
      expect(answer.headers['retry-after']).toBe('1');
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'a sign-out here is not acknowledged either: it keeps the cookie and offers to try again',
    async () => {
      const answer = await browser.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);
      // The form that tries again leads to the OP when it succeeds, so the page's policy has to let it.
      expectPage(answer, 503, 'The sign-out is not finished', policy([new URL(world.op.issuer).origin]));
      expect(answer.text).toContain('<form method="post" action="/auth/signout">');
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.setCookies).toEqual([]);
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'nobody is taken for signed out',
    async () => {
      expectProblem(await browser.fetch(`${world.app.origin}/auth/session`), 503, 'storage_unavailable');
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'no API is called',
    async () => {
      const before = world.api.tokenHashes.length;
      const answer = await browser.fetch(`${world.app.origin}/api/graph/me`, { headers: { 'x-csrf': '1' } });
      expectProblem(answer, 503, 'storage_unavailable');
      expect(world.api.tokenHashes).toHaveLength(before);
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'nobody is signed in',
    async () => {
      const answer = await callBack(late.browser, late.callback);
      expectPage(answer, 503, 'The storage does not answer');
      expect(answer.setCookies.join()).not.toContain('__Host-session=');
    },
    PATIENCE_MILLISECONDS,
  );

  it('a forged cookie is refused all the same: it costs no read', async () => {
    const headers = { cookie: '__Host-session=forged', 'x-csrf': '1', origin: world.app.origin };
    expectProblem(await send(`${world.app.origin}/auth/session`, { headers }), 401, 'session_required');
    expectProblem(await send(`${world.app.origin}/api/graph/me`, { headers }), 401, 'session_required');
    expect((await send(`${world.app.origin}/auth/signout`, { method: 'POST', headers })).status).toBe(303);
  });

  it('what needs no storage works: the page, the way to the OP, a logout that names nobody', async () => {
    const paths = ['/', '/auth/signin', '/auth/signed-out', '/auth/signout', '/auth/signout-callback', '/health'];
    const answers = await Promise.all(paths.map((path) => send(`${world.app.origin}${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 302, 200, 200, 200, 200]);
  });
});
