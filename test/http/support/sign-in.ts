import type { User } from '../../../local/op/op.ts';
import { Browser, locationOf } from './browser.ts';
import type { Answer } from './wire.ts';
import type { World } from './world.ts';

interface At {
  readonly origin: string;
}

const isCallback =
  ({ origin }: At) =>
  (location: URL): boolean =>
    location.origin === origin && location.pathname === '/auth/callback';

/**
 * Sets out at the application, picks the account at the OP where it asks, and stops on the way back.
 *
 * @returns the callback's URL, not yet visited
 */
export async function goToCallback(browser: Browser, app: At, user: User, query = ''): Promise<string> {
  const setOut = await browser.navigate(`${app.origin}/auth/signin${query}`);
  return throughOp(browser, app, user, setOut);
}

/** From a redirect to the OP to the callback's URL, not yet visited. */
export async function throughOp(browser: Browser, app: At, user: User, setOut: Answer): Promise<string> {
  let answer = await browser.follow(setOut, isCallback(app));
  if (locationOf(answer) === null) {
    const form = { account: user.oid };
    answer = await browser.submit(answer.url, form, new URL(answer.url).origin);
    answer = await browser.follow(answer, isCallback(app));
  }
  const location = locationOf(answer);
  if (location === null) throw new Error(`no way back from the OP: ${answer.status}`);
  return location.href;
}

/**
 * Follows a link of the application to the OP, whose session knows the person, and answers its page with a form.
 *
 * @returns the callback's URL, not yet visited
 */
export async function answerOp(
  browser: Browser,
  app: At,
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<string> {
  const page = await browser.follow(await browser.navigate(url), isCallback(app));
  if (locationOf(page) !== null) throw new Error('the OP asked nothing');
  const answer = await browser.submit(page.url, form, new URL(page.url).origin);
  const location = locationOf(await browser.follow(answer, isCallback(app)));
  if (location === null) throw new Error('no way back from the OP');
  return location.href;
}

/** Visits a callback's URL, coming from the OP. */
export function callBack(browser: Browser, url: string): Promise<Answer> {
  return browser.navigate(url, 'http://login.localhost');
}

/** Visits a callback's URL, and goes round once more where a sign-out came between. */
export async function finish(browser: Browser, app: At, person: User, callback: string): Promise<Answer> {
  const answer = await callBack(browser, callback);
  const location = locationOf(answer);
  if (location === null || location.origin === app.origin) return answer;
  return callBack(browser, await throughOp(browser, app, person, answer));
}

/**
 * Signs a person in, all the way.
 *
 * @returns the callback's answer
 * @throws Error where the sign-in does not succeed at the first go
 */
export async function signIn(browser: Browser, app: At, user: User, query = ''): Promise<Answer> {
  return comeIn(browser, app, await goToCallback(browser, app, user, query));
}

/** Visits a callback's URL, by which the browser has to come in. */
async function comeIn(browser: Browser, app: At, callback: string): Promise<Answer> {
  const answer = await callBack(browser, callback);
  const location = locationOf(answer);
  if (location?.origin !== app.origin) throw new Error(`not signed in: ${answer.status} ${location?.origin ?? ''}`);
  return answer;
}

/** A browser at the end of its way through the OP. */
export interface Arrived {
  readonly browser: Browser;
  readonly person: User;
  /** The callback's URL; `arrive` leaves it unvisited. */
  readonly callback: string;
  /** Of the person's session at the OP: the local OP, as Entra ID, shows it as `session_state`. */
  readonly sid: string;
}

/** Brings a person, a new one unless said otherwise, with a new browser as far as the callback. */
export async function arrive(world: World, person = world.newPerson(), app: At = world.app): Promise<Arrived> {
  const browser = new Browser();
  const callback = await goToCallback(browser, app, person);
  return { browser, person, callback, sid: new URL(callback).searchParams.get('session_state') ?? '' };
}

/**
 * Brings a person, a new one unless said otherwise, with a new browser all the way in.
 *
 * @throws Error where the sign-in does not succeed at the first go
 */
export async function bringIn(world: World, person?: User, app: At = world.app): Promise<Arrived> {
  const arrived = await arrive(world, person, app);
  await comeIn(arrived.browser, app, arrived.callback);
  return arrived;
}

/** The URL with other parameters; null takes one away. */
export function withParameters(url: string, changes: Readonly<Record<string, string | null>>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) changed.searchParams.delete(name);
    else changed.searchParams.set(name, value);
  }
  return changed.href;
}
