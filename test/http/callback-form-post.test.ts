import { describe, expect, it } from '@jest/globals';
import { Browser, locationOf } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { attemptSet, attemptTaken, cookiesSet, expectPage, SESSION_SET } from './support/headers.ts';
import { send } from './support/wire.ts';

const world = localWorld({ AUTH_RESPONSE_MODE: 'form_post' });

/** Goes through the OP; the form that its last page would post by script. */
async function arrive(browser: Browser) {
  const picker = await browser.follow(await browser.navigate(`${world.app.origin}/auth/signin`));
  const { origin } = new URL(picker.url);
  const page = await browser.follow(await browser.submit(picker.url, { account: world.newPerson().oid }, origin));
  const action = /<form method="post" action="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const inputs = page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
  return { origin, action, form: Object.fromEntries([...inputs].map(([, name, value]) => [name, value ?? ''])) };
}

describe('with response_mode=form_post', () => {
  it('the OP is asked for it, and the attempt cookie goes along with a POST from elsewhere', async () => {
    const answer = await new Browser().navigate(`${world.app.origin}/auth/signin`);
    expect(locationOf(answer)?.searchParams.get('response_mode')).toBe('form_post');
    expect(cookiesSet(answer)).toEqual([attemptSet('None')]);
  });

  it("the OP's form post signs in", async () => {
    const browser = new Browser();
    const { origin, action, form } = await arrive(browser);
    expect(action).toBe(`${world.app.origin}/auth/callback`);
    const answer = await browser.submit(action, form, origin);
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
    expect(cookiesSet(answer)).toEqual([attemptTaken('None'), SESSION_SET]);
    expect((await browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(200);
  });

  it('a code in a URL is refused, and the attempt can still be finished', async () => {
    const browser = new Browser();
    const { origin, action, form } = await arrive(browser);
    const answer = await browser.navigate(`${action}?${new URLSearchParams(form)}`, origin);
    expectPage(answer, 400, 'The sign-in could not be finished');
    expect((await browser.submit(action, form, origin)).status).toBe(303);
  });

  it('parameters in the query of the POST do not count', async () => {
    const browser = new Browser();
    const { origin, action, form } = await arrive(browser);
    const answer = await browser.submit(`${action}?${new URLSearchParams(form)}`, {}, origin);
    expectPage(answer, 400, 'The sign-in could not be finished');
  });

  it('a body of another type is refused', async () => {
    const browser = new Browser();
    const { action, form } = await arrive(browser);
    const headers = { 'content-type': 'application/json', accept: 'text/html' };
    const answer = await browser.fetch(action, { method: 'POST', headers, body: JSON.stringify(form) });
    expectPage(answer, 400, 'The sign-in could not be finished');
  });

  it('a form post of another site brings no attempt of this browser to its end', async () => {
    const [victim, attacker] = [new Browser(), new Browser()];
    await victim.navigate(`${world.app.origin}/auth/signin`);
    const { action, form } = await arrive(attacker);
    const answer = await victim.submit(action, form, 'https://evil.example');
    expectPage(answer, 400, 'This sign-in was not started in this browser');
  });

  it('a form of several hundred kilobytes is refused', async () => {
    const answer = await send(`${world.app.origin}/auth/callback`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
      body: `state=s&code=${'c'.repeat(300_000)}`,
    });
    expectPage(answer, 400, 'The sign-in could not be finished');
  });
});
