import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page, Response } from 'playwright-core';
import { raiseStage, type Stage } from '../../local/stage/stage.ts';
import { openBrowser, type RealBrowser } from './support/chromium.ts';
import { callApi, seeSignedOutElsewhere, signIn, signInSilently, signOut } from './support/person.ts';
import { findSecrets, type Seen } from './support/search.ts';
import { storedBytes } from './support/stored.ts';

/** Records every byte that the given origins send to a browser: status lines apart, headers and bodies. */
function recordAnswers(
  context: BrowserContext,
  origins: readonly string[],
  seen: Seen[],
): { settled(): Promise<unknown> } {
  const underway: Promise<unknown>[] = [];
  context.on('response', (response: Response) => {
    const url = new URL(response.url());
    if (!origins.includes(url.origin)) return;
    underway.push(
      (async () => {
        for (const { name, value } of await response.headersArray()) {
          seen.push({ where: `header ${name} of ${url.pathname}`, bytes: Buffer.from(value) });
        }
        // A redirect has no body, and the body of a page that was left at once may be gone.
        const body = await response.body().catch(() => Buffer.alloc(0));
        seen.push({ where: `body of ${url.pathname}`, bytes: body });
      })(),
    );
  });
  return { settled: () => Promise.all(underway) };
}

describe('no secret is where it does not belong', () => {
  const seen: Seen[] = [];
  let stage: Stage;
  let browser: RealBrowser;
  let answers: ReturnType<typeof recordAnswers>;

  beforeAll(async () => {
    stage = await raiseStage({
      tokenSeconds: 2,
      onLine: (name, line) => seen.push({ where: `output of ${name}`, bytes: Buffer.from(line) }),
    });
    stage.telemetry.onBody((body) => seen.push({ where: 'telemetry', bytes: Buffer.from(body) }));
    browser = await openBrowser();
    answers = recordAnswers(browser.context, [stage.contoso.origin, stage.fabrikam.origin], seen);
  });

  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  });

  it('a person lives through it all: sign-in, calls, refresh, errors, sign-out here and there', async () => {
    const contosoPage: Page = await browser.context.newPage();
    const fabrikamPage: Page = await browser.context.newPage();
    await signIn(contosoPage, stage.contoso, 'Alice Arden');
    await signInSilently(fabrikamPage, stage.fabrikam, 'Alice Arden');
    // Tokens live two seconds here: calls until the refresh token has been redeemed.
    while (stage.op.refreshCount === 0) await callApi(contosoPage);
    seen.push(...(await storedBytes(stage)));
    const usedCallback = `${stage.contoso.origin}/auth/callback?code=${stage.op.issued[0]}&state=${stage.op.issued[1]}`;
    await (await browser.context.newPage()).goto(usedCallback);
    await signOut(fabrikamPage, stage.fabrikam);
    await contosoPage.bringToFront();
    await seeSignedOutElsewhere(contosoPage);
    await signIn(contosoPage, stage.contoso, 'Bob Barrow');
    await signOut(contosoPage, stage.contoso);
    seen.push(...(await storedBytes(stage)));
    await answers.settled();
    expect(stage.op.issued.length).toBeGreaterThan(15);
    expect(seen.length).toBeGreaterThan(300);
  });

  it('the search finds a secret in each form in which one could be hidden', () => {
    const [secret = ''] = stage.op.issued.filter((value) => value.length > 40);
    const hidden = [
      secret,
      `x=${encodeURIComponent(secret)}`,
      Buffer.from(`{"token":"${secret}"}`).toString('base64'),
      Buffer.from(`ab${secret}`).toString('base64url'),
      Buffer.from(secret).toString('hex'),
    ];
    for (const text of hidden)
      expect(findSecrets([secret], [{ where: 'here', bytes: Buffer.from(text) }])).not.toEqual([]);
  });

  it('nothing that the OP issued is in stored rows, output, telemetry, headers, bodies or URLs that we make', () => {
    expect(seen.some(({ where }) => where === 'telemetry')).toBe(true);
    expect(findSecrets(stage.op.issued, seen)).toEqual([]);
  });

  it('neither is a client secret or a session key', () => {
    expect(findSecrets(stage.secrets, seen)).toEqual([]);
  });
});
