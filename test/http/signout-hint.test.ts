import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { type Browser, locationOf } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { cookiesSet, expectPage, MARK_SET, policy, SESSION_TAKEN } from './support/headers.ts';
import { bringIn } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';
import { send } from './support/wire.ts';

const world = localWorld({ SIGNOUT_HINT: 'id_token' });

const signedIn = () => bringIn(world);
const signOut = (browser: Browser) => browser.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);

/** The form as a browser would post it. */
function formOf(text: string) {
  const action = /<form method="post" action="([^"]+)"/.exec(text)?.[1] ?? '';
  const inputs = text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
  return { action, fields: Object.fromEntries([...inputs].map(([, name, value]) => [name, value ?? ''])) };
}

describe('SIGNOUT_HINT=id_token', () => {
  it('answers with a form for the OP, when the row is gone, and with no token in any address', async () => {
    const { browser, person } = await signedIn();
    const answer = await signOut(browser);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
    expectPage(answer, 200, 'You are signed out here', policy([world.op.origin]));
    expect(cookiesSet(answer)).toEqual([SESSION_TAKEN, MARK_SET]);
    const { action, fields } = formOf(answer.text);
    expect(action).toBe(`${world.op.issuer.replace(/\/v2\.0$/, '')}/oauth2/v2.0/logout`);
    expect(fields).toEqual({
      id_token_hint: expect.any(String),
      client_id: world.app.clientId,
      post_logout_redirect_uri: `${world.app.origin}/auth/signed-out`,
      state: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    });
    const idToken = String(fields.id_token_hint);
    expect(decodeJwt(idToken)).toMatchObject({ aud: world.app.clientId, oid: person.oid });
    expect(JSON.stringify(answer.headers)).not.toContain(idToken);
    expect(world.app.host.lines.join('\n')).not.toContain(idToken.slice(-40));
  });

  it('has the form send itself, by a script of our own origin, and a button where none runs', async () => {
    const { browser } = await signedIn();
    const { text } = await signOut(browser);
    expect(text).toContain('<script type="module" src="/assets/leave.js"></script>');
    expect(text).toMatch(/<button class="button primary">/);
    const script = await send(`${world.app.origin}/assets/leave.js`);
    expect([script.status, script.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
  });

  it('the OP takes it, without a cookie and without a question, and ends its session', async () => {
    const { browser, person } = await signedIn();
    const { action, fields } = formOf((await signOut(browser)).text);
    const goodbye = await browser.submit(action, fields, world.app.origin);
    expect(goodbye.text).toContain(`${world.app.origin}/auth/signout-callback?sid=`);
    const again = await browser.follow(
      await browser.navigate(`${world.app.origin}/auth/signin?prompt=login&loginHint=${person.upn}`),
    );
    expect(locationOf(again)).toBeNull();
  });

  it('is not there again for whoever goes back: the same request leads to the signed-out page', async () => {
    const { browser } = await signedIn();
    await signOut(browser);
    const back = await signOut(browser);
    expect([back.status, back.headers.location]).toEqual([303, '/auth/signed-out']);
    expect(back.text).toBe('');
  });

  it('by a copy of the cookie, later, gets no token: the address has none, and no hint', async () => {
    const { browser } = await signedIn();
    const thief = browser.copy();
    await signOut(browser);
    const answer = await signOut(thief);
    expect(answer.status).toBe(303);
    expect([...(locationOf(answer)?.searchParams.keys() ?? [])].sort()).toEqual([
      'client_id',
      'post_logout_redirect_uri',
      'state',
    ]);
  });
});
