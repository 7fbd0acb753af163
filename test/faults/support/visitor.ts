import { createHash } from 'node:crypto';
import type { User } from '../../../local/op/op.ts';
import { pairwiseSub } from '../../../local/op/users.ts';
import { type AccountKey, accountKey } from '../../../shared/account/account-key.ts';
import { indexKey } from '../../../shared/account/index-key.ts';
import type { Browser } from '../../http/support/browser.ts';
import { type Arrived, arrive, callBack } from '../../http/support/sign-in.ts';
import { type Answer, send } from '../../http/support/wire.ts';
import type { RunningApp, World } from '../../http/support/world.ts';
import type { StorageRequest } from './storage-request.ts';

/** Somebody on the way into an application, and all that a storage request may name them by. */
export interface Visitor extends Arrived {
  readonly app: RunningApp;
  readonly account: AccountKey;
  /** The partitions in `accounts` and `sids` that are this person's. */
  readonly partitions: readonly string[];
  /** What a request about this person carries at least one of: partitions, and the attempt's row. */
  readonly marks: readonly string[];
}

/** Brings a person, a new one unless said otherwise, with a new browser as far as the callback of `app`. */
export async function visit(world: World, app: RunningApp, person?: User): Promise<Visitor> {
  const arrived = await arrive(world, person, app);
  return { ...arrived, app, ...namesOf(world, app, arrived) };
}

/** The same browser on its way in once more. */
export function namesOf(world: World, app: RunningApp, { person, sid, callback }: Omit<Arrived, 'browser'>) {
  const { issuer } = world.op;
  const tenant = new URL(issuer).pathname.split('/')[1];
  const account = accountKey(`${person.oid}.${tenant}`, app.clientId);
  const index = (kind: 'sid' | 'sub' | 'account', value: string) => indexKey(app.clientId, issuer, { kind, value });
  const sub = pairwiseSub(person.oid, app.clientId);
  const partitions = [account, index('sid', sid), index('sub', sub), index('account', account)];
  const state = new URL(callback).searchParams.get('state') ?? '';
  const attempt = createHash('sha256').update(state).digest('hex');
  return { account, partitions, marks: [...partitions, attempt] };
}

export const isAbout = ({ text }: StorageRequest, { marks }: Pick<Visitor, 'marks'>): boolean =>
  marks.some((mark) => text.includes(mark));

/** How many people set out until one is in: beside faults of others a machine with much else to do may be too slow for one. */
const TRIES_MAX = 3;

/** @param person where nobody is named, whoever gets in: a new one each time that storage was too slow for the last */
export async function signedIn(world: World, app: RunningApp, person?: User): Promise<Visitor> {
  for (let tries = 1; ; tries += 1) {
    const visitor = await visit(world, app, person);
    const answer = await callBack(visitor.browser, visitor.callback);
    if (answer.headers.location === '/') return visitor;
    if (answer.status === 503 && person === undefined && tries < TRIES_MAX) continue;
    const why = app.host.lines.findLast((line) => line.includes('signin.refused'));
    throw new Error(`not signed in: ${answer.status}, perhaps for ${why}`);
  }
}

/** The same where the application leaves a row by object id too. */
export async function signedInByOid(world: World, app: RunningApp): Promise<Visitor> {
  const visitor = await signedIn(world, app);
  const oid = indexKey(app.clientId, world.op.issuer, { kind: 'oid', value: visitor.person.oid });
  return { ...visitor, marks: [...visitor.marks, oid] };
}

export const callBackAs = ({ browser, callback }: Pick<Visitor, 'browser' | 'callback'>): Promise<Answer> =>
  callBack(browser, callback);

export const readSession = (app: RunningApp, browser: Browser): Promise<Answer> =>
  browser.fetch(`${app.origin}/auth/session`);

export const callApi = (app: RunningApp, browser: Browser): Promise<Answer> =>
  browser.fetch(`${app.origin}/api/graph/me`, { headers: { 'x-csrf': '1' } });

export const listSessions = (app: RunningApp, browser: Browser): Promise<Answer> =>
  browser.fetch(`${app.origin}/auth/sessions`);

export const endSession = (app: RunningApp, browser: Browser, id: string): Promise<Answer> =>
  browser.fetch(`${app.origin}/auth/sessions/${id}`, { method: 'DELETE', headers: { 'x-csrf': '1' } });

/**
 * What an application answers once it can say: 503 is neither yes nor no, and beside faults of others a machine with much else
 * to do may be too slow for a storage call.
 */
export async function settled(ask: () => Promise<Answer>): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const { status } = await ask();
    if (status !== 503 || tries === TRIES_MAX) return status;
  }
}

/** The id of the session that a browser has. */
export async function sessionIdOf(app: RunningApp, browser: Browser): Promise<string> {
  const { session } = (await readSession(app, browser)).json<{ session: { id: string } }>();
  return session.id;
}

export const signOutOwn = (app: RunningApp, browser: Browser): Promise<Answer> =>
  browser.submit(`${app.origin}/auth/signout`, {}, app.origin);

/** What the OP does in its hidden frame. */
export const signOutBySid = (world: World, app: RunningApp, browser: Browser, sid: string): Promise<Answer> =>
  browser.frame(`${app.origin}/auth/signout-callback?${new URLSearchParams({ sid })}`, world.op.origin);

/** What the OP's server does. */
export const signOutByToken = (app: RunningApp, logoutToken: string): Promise<Answer> =>
  send(`${app.origin}/auth/backchannel-logout`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ logout_token: logoutToken }).toString(),
  });
