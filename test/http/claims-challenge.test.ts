import { beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { type Arrived, answerOp, bringIn, callBack } from './support/sign-in.ts';

const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c2"}}}';
const ENCODED = new URLSearchParams({ claims: CLAIMS }).toString();

const world = localWorld();
let visitor: Arrived;
let browser: Browser;
beforeEach(async () => {
  visitor = await bringIn(world);
  ({ browser } = visitor);
});

const call = (path: string) => browser.fetch(`${world.app.origin}${path}`, { headers: { 'x-csrf': '1' } });
const sealed = () => call('/api/mail/letters/sealed');
/** Follows a `signInUrl` to the OP, and answers its page; gives the callback's answer. */
const signInBy = async (url: string, form: Readonly<Record<string, string>>) =>
  callBack(browser, await answerOp(browser, world.app, `${world.app.origin}${url}&returnTo=/inbox`, form));

describe('an API that wants more in a token than the OP gives silently', () => {
  const PROOF = { proof: 'given' };
  beforeEach(async () => {
    await signInBy('/auth/signin?api=mail', { consent: 'accept' });
    expect((await call('/api/mail/letters')).status).toBe(200);
  });

  it('leads to a sign-in that carries the claims, and then is open', async () => {
    const problem = expectProblem(await sealed(), 401, 'claims_required');
    expect(problem).toMatchObject({ signInUrl: `/auth/signin?api=mail&${ENCODED}` });
    const back = await signInBy(String(problem.signInUrl), { ...PROOF, account: visitor.person.oid });
    expect([back.status, back.headers.location]).toEqual([303, '/inbox']);
    expect((await sealed()).json()).toMatchObject({ value: [{ id: 'letter-3' }] });
    // What was open before still is.
    expect((await call('/api/mail/letters')).status).toBe(200);
    expect((await call('/api/graph/me')).status).toBe(200);
  });

  it('takes the claims to the OP, and nothing that it did not ask for', async () => {
    const { signInUrl } = expectProblem(await sealed(), 401, 'claims_required');
    const setOut = await browser.navigate(`${world.app.origin}${signInUrl}&returnTo=/`);
    expect(new URL(setOut.headers.location ?? '').searchParams.get('claims')).toBe(CLAIMS);
  });

  it('costs no redemption with each call', async () => {
    await sealed();
    const before = world.op.refreshCount;
    for (let calls = 0; calls < 3; calls += 1) expectProblem(await sealed(), 401, 'claims_required');
    expect(world.op.refreshCount).toBe(before);
  });

  it('stays shut to whoever gives no proof, and the rest stays open', async () => {
    const { signInUrl } = expectProblem(await sealed(), 401, 'claims_required');
    await signInBy(String(signInUrl), { account: visitor.person.oid, proof: 'left-out' });
    expectProblem(await sealed(), 401, 'claims_required');
    expect((await call('/api/mail/letters')).status).toBe(200);
  });

  it('is not shown to the browser: neither its challenge nor its words', async () => {
    const answer = await sealed();
    expect(answer.headers['www-authenticate']).toBe('Session');
    expect(answer.text).not.toContain('This takes another proof');
  });
});

describe('an API that wants more in a token than it was got with', () => {
  let challenges = 0;
  const challengeWith = (claims: string, until: (token: string) => boolean) => {
    challenges = 0;
    world.odd.answerWith(({ headers }, response) => {
      const token = headers.authorization?.replace('Bearer ', '') ?? '';
      if (until(token)) return response.writeHead(200).end();
      challenges += 1;
      const challenge = `Bearer realm="", error="insufficient_claims", claims="${claims}"`;
      return response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
  };
  const odd = () => call('/api/odd/any/x');
  const eventAt = (seconds: number) =>
    JSON.stringify({ access_token: { nbf: { essential: true, value: `${seconds}` } } });

  it.each([
    ['base64', (json: string) => Buffer.from(json).toString('base64')],
    ['base64url', (json: string) => Buffer.from(json).toString('base64url')],
    ['quoted JSON', (json: string) => json.replaceAll('"', '\\"')],
  ])('and that the OP gives silently is met, and the caller sees nothing of it (%s)', async (_form, encoded) => {
    let first: string | undefined;
    challengeWith(encoded(eventAt(Math.floor(Date.now() / 1_000))), (token) => {
      first ??= token;
      return token !== first;
    });
    const before = world.op.refreshCount;
    expect((await odd()).status).toBe(200);
    expect([challenges, world.op.refreshCount - before]).toEqual([1, 1]);
    expect((await odd()).status).toBe(200);
    expect([challenges, world.op.refreshCount - before]).toEqual([1, 1]);
  });

  it('tells the OP that challenges are understood: its tokens say so', async () => {
    world.odd.answerWith((_request, response) => response.writeHead(200).end());
    await odd();
    const token = world.odd.received.at(-1)?.headers.authorization?.replace('Bearer ', '') ?? '';
    expect(decodeJwt(token)).toMatchObject({ xms_cc: ['CP1'] });
  });

  it('by a challenge that is hostile is an API that refuses a token, and no more', async () => {
    for (const claims of ['!', 'e30=', '{', 'x'.repeat(9_000), Buffer.from('{"access_token":1}').toString('base64')]) {
      ({ browser } = await bringIn(world));
      challengeWith(claims, () => false);
      const answer = await odd();
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, undefined]);
    }
  });
});
