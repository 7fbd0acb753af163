import { expect } from '@jest/globals';
import { Browser, locationOf } from '../../http/support/browser.ts';
import type { ScriptedGround } from '../../http/support/ground.ts';
import { cookiesSet, expectPage, SESSION_SET } from '../../http/support/headers.ts';
import type { Claims, MakeIdToken } from '../../http/support/scripted-op.ts';
import { comeBack } from '../../http/support/scripted-sign-in.ts';
import { storedRows } from '../../http/support/stored.ts';
import type { Answer } from '../../http/support/wire.ts';
import type { RunningApp, World } from '../../http/support/world.ts';

/** An application whose Table Storage does not answer; the queue of interrupted sign-outs does. */
export const withDeadStorage = (world: World): Promise<RunningApp> =>
  world.startApp({ TABLES_CONNECTION_STRING: world.azurite.tablesConnectionString.replace(/:\d+\//, ':9/') });

/** Where `/auth/signin` sends a browser. */
export async function authorizationRequest(app: RunningApp, query = '', browser = new Browser()): Promise<URL> {
  const answer = await browser.navigate(`${app.origin}/auth/signin${query}`);
  const location = locationOf(answer);
  if (location === null) throw new Error(`no redirect: ${answer.status}`);
  return location;
}

/** Signs somebody in by ID tokens that are all good but for what `make` does to them; gives the claims of the last. */
export async function signsIn(ground: ScriptedGround, make?: MakeIdToken, browser = new Browser()): Promise<Claims> {
  let claims: Claims = {};
  ground.op.idToken = (good) => {
    claims = good;
    return make ? make(good) : ground.op.sign(good);
  };
  expectSignedIn((await comeBack(ground.op, ground.app, browser)).answer);
  return claims;
}

/** Holds that an ID token so made signs nobody in, and leaves nothing behind. */
export async function isNotTrusted(ground: ScriptedGround, make: MakeIdToken): Promise<void> {
  const before = await storedRows(ground.world);
  ground.op.idToken = make;
  const { answer } = await comeBack(ground.op, ground.app);
  expectPage(answer, 403, 'The sign-in was not trusted');
  await expectNobodySignedIn(ground, answer, before);
}

/** Holds that an answer signed nobody in: no session's cookie, and of accounts and their index what there was before. */
export async function expectNobodySignedIn(
  { world }: ScriptedGround,
  answer: Answer,
  before: Awaited<ReturnType<typeof storedRows>>,
): Promise<void> {
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(cookiesSet(answer)).not.toContainEqual(SESSION_SET);
  const { accounts, sids } = await storedRows(world);
  expect({ accounts, sids }).toEqual({ accounts: before.accounts, sids: before.sids });
}

export function expectSignedIn(answer: Answer): void {
  expect(answer.status).toBe(303);
  expect(cookiesSet(answer)).toContainEqual(SESSION_SET);
}
