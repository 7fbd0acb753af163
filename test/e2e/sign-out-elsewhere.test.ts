import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { raiseStage, type Stage } from '../../local/stage/stage.ts';
import { openBrowser, type RealBrowser } from './support/chromium.ts';
import { type CookieProbe, startCookieProbe } from './support/cookie-probe.ts';
import { callApi, seeSignedOutElsewhere, signIn, signInSilently, signOut } from './support/person.ts';
import { storedAccounts } from './support/stored.ts';

describe.each([
  ['allowed', 'entra', 'a secret'],
  // As `npm start -- --secretless` has it.
  ['blocked', 'entra', 'a managed identity'],
  ['blocked', 'standard', 'a secret'],
] as const)(
  'with third-party cookies %s, the OP speaking the %s dialect, and applications that have %s',
  (thirdPartyCookies, dialect, credential) => {
    let stage: Stage;
    let probe: CookieProbe;
    let alice: RealBrowser;
    let bob: RealBrowser;
    let contosoPage: Page;
    let fabrikamPage: Page;

    beforeAll(async () => {
      [stage, probe] = await Promise.all([
        raiseStage({ dialect, secretless: credential === 'a managed identity' }),
        startCookieProbe(),
      ]);
      [alice, bob] = await Promise.all([openBrowser(thirdPartyCookies), openBrowser(thirdPartyCookies)]);
      contosoPage = await alice.context.newPage();
      fabrikamPage = await alice.context.newPage();
    }, 60_000);

    afterAll(async () => {
      await Promise.all([alice?.close(), bob?.close()]);
      await Promise.all([stage?.stop(), probe?.close()]);
    }, 30_000);

    it('the browser treats third-party cookies as this test assumes', async () => {
      const page = await alice.context.newPage();
      expect(await probe.reachesFrames(page)).toBe(thirdPartyCookies === 'allowed');
      await page.close();
    });

    it('a person signs in and calls an API with a token that never reaches the browser', async () => {
      await signIn(contosoPage, stage.contoso, 'Alice Arden');
      expect(JSON.parse(await callApi(contosoPage))).toMatchObject({ displayName: 'Alice Arden' });
    });

    it('the second application lets the same person in without asking', async () => {
      await signInSilently(fabrikamPage, stage.fabrikam, 'Alice Arden');
      expect(JSON.parse(await callApi(fabrikamPage))).toMatchObject({ displayName: 'Alice Arden' });
    });

    it('another person is signed in to both applications too', async () => {
      await signIn(await bob.context.newPage(), stage.contoso, 'Bob Barrow');
      await signInSilently(await bob.context.newPage(), stage.fabrikam, 'Bob Barrow');
      expect(await storedAccounts(stage)).toHaveLength(4);
    });

    it('signing out of the second application leaves no row of that person in either, and none of the other touched', async () => {
      const before = await storedAccounts(stage);
      await signOut(fabrikamPage, stage.fabrikam);
      const after = await storedAccounts(stage);
      expect(after).toHaveLength(2);
      for (const left of after) expect(before).toContain(left);
      const [, bobsPage] = bob.context.pages();
      expect(JSON.parse(await callApi(bobsPage as Page))).toMatchObject({ displayName: 'Bob Barrow' });
    });

    it("the first application's next call is 401, and its page says that the session has ended", async () => {
      const status = await contosoPage.evaluate(async () => {
        const answer = await fetch('/api/graph/me', { headers: { 'x-csrf': '1' } });
        return { status: answer.status, document: await answer.json() };
      });
      expect(status).toMatchObject({ status: 401, document: { code: 'session_required', signInUrl: '/auth/signin' } });
      await contosoPage.bringToFront();
      await seeSignedOutElsewhere(contosoPage);
      expect(await contosoPage.content()).not.toContain('Alice');
    });

    it('the person can sign in again at once', async () => {
      await signIn(contosoPage, stage.contoso, 'Alice Arden');
      expect(JSON.parse(await callApi(contosoPage))).toMatchObject({ displayName: 'Alice Arden' });
    });
  },
);
