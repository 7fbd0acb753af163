import { describe, expect, it } from '@jest/globals';
import { registration } from '../../local/stage/applications.ts';
import { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { attemptTaken, cookiesSet, expectPage, policy } from './support/headers.ts';
import { arrive, callBack, withParameters } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';

const world = localWorld();

describe('what the OP refuses', () => {
  it('is told when the person turns back at the account picker', async () => {
    const browser = new Browser();
    const picker = await browser.follow(await browser.navigate(`${world.app.origin}/auth/signin`));
    const { origin } = new URL(picker.url);
    const answer = await browser.follow(await browser.submit(picker.url, { cancel: 'yes' }, origin));
    expectPage(answer, 403, 'The sign-in was cancelled');
    expect(cookiesSet(answer)).toEqual([attemptTaken()]);
  });

  it.each([
    ['access_denied', 403, 'The sign-in was cancelled'],
    ['interaction_required', 401, 'The sign-in service needs you'],
    ['login_required', 401, 'The sign-in service needs you'],
    ['consent_required', 401, 'The sign-in service needs you'],
    ['account_selection_required', 401, 'The sign-in service needs you'],
    ['temporarily_unavailable', 503, 'The sign-in service does not answer'],
    ['server_error', 502, 'The sign-in service reported an error'],
    ['invalid_scope', 502, 'The sign-in service reported an error'],
    ['no_such_error', 502, 'The sign-in service reported an error'],
  ])('at its authorization endpoint: %s', async (error, status, heading) => {
    const { browser, callback } = await arrive(world);
    const failed = withParameters(callback, { code: null, error, error_description: 'AADSTS1: no' });
    const answer = await callBack(browser, failed);
    expectPage(answer, status, heading, policy());
    expect(cookiesSet(answer)).toEqual([attemptTaken()]);
  });

  it.each([
    ['invalid_grant', 400, 400, 'The sign-in could not be finished'],
    ['invalid_client', 401, 502, 'The sign-in service does not accept this application'],
    ['unauthorized_client', 400, 502, 'The sign-in service does not accept this application'],
    ['interaction_required', 400, 401, 'The sign-in service needs you'],
    ['temporarily_unavailable', 503, 503, 'The sign-in service does not answer'],
  ])('at its token endpoint: %s (%d)', async (error, opStatus, status, heading) => {
    const { person, browser, callback } = await arrive(world);
    world.op.failNext('token', error, opStatus);
    expectPage(await callBack(browser, callback), status, heading);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });

  it('is a secret that it has no longer', async () => {
    const { person, browser, callback } = await arrive(world);
    world.op.register({ ...registration(world.app), clientSecret: 'the next one' });
    const answer = await callBack(browser, callback);
    world.op.register(registration(world.app));
    expectPage(answer, 502, 'The sign-in service does not accept this application');
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });

  it('is a code that it never gave', async () => {
    const { browser, callback } = await arrive(world);
    const answer = await callBack(browser, withParameters(callback, { code: 'made-up' }));
    expectPage(answer, 400, 'The sign-in could not be finished');
  });

  it('is an answer in the name of another OP', async () => {
    const { person, browser, callback } = await arrive(world);
    const answer = await callBack(browser, withParameters(callback, { iss: 'https://evil.example' }));
    expectPage(answer, 400, 'The answer came from another sign-in service');
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });
});

describe('what a request carried', () => {
  it('comes back in no page, no document, no header and no line of the process', async () => {
    const marker = 'mark3r-5c1f';
    const markers = Object.fromEntries(
      ['error_description', 'error_uri', 'session_state', 'client_info', 'x'].map((name) => [
        name,
        `${name}-${marker}`,
      ]),
    );
    const { browser, callback } = await arrive(world);
    const variants = [
      { ...markers, code: marker },
      { ...markers, code: marker, state: marker },
      { ...markers, code: marker, iss: marker },
      { ...markers, code: null, error: marker },
      { ...markers, code: marker, error: marker },
    ];
    for (const variant of variants) {
      for (const accept of ['text/html', 'application/json']) {
        const answer = await browser.copy().fetch(withParameters(callback, variant), {
          headers: { accept, 'user-agent': `UA-${marker}`, referer: `https://${marker}.example/` },
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.text + JSON.stringify(answer.headers)).not.toContain(marker);
      }
    }
    expect(world.app.host.lines.join('\n')).not.toContain(marker);
  });
});
