import { expect } from '@jest/globals';
import fc from 'fast-check';
import { ownTriggers } from '../../../functions/doors/own.ts';
import type { Answer } from '../../../shared/http/message.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, accountProperties } from '../../support/store.ts';
import { type BrowserScene, cookieOf, FROM_OUR_PAGE, SESSION } from '../support/browser.ts';
import { cookieClasses } from '../support/cookie-classes.ts';
import { headersParameter } from '../support/edge-classes.ts';
import { raiseGround, type Sent } from '../support/ground.ts';
import { word } from '../support/hostile-token.ts';
import { originClasses, unsaid } from '../support/origin-classes.ts';
import type { AttackClass, Siege } from '../support/siege.ts';

const trigger = ownTriggers.signout;
const requestWith = (cookie: string): Sent => ({
  method: 'POST',
  target: '/auth/signout',
  headers: { ...FROM_OUR_PAGE, cookie: `${SESSION}=${cookie}` },
  body: null,
});

/** Somebody who has signed out in this browser, and in again. */
async function raise(): Promise<BrowserScene> {
  const ground = raiseGround();
  const { store } = ground;
  const spentCookie = cookieOf(ground, await signIn(store));
  await ground.answer(trigger, requestWith(spentCookie));
  expect(accountProperties(store, ALICE)).toBeNull();
  store.ambient.advance(120_000);
  const ticket = await signIn(store, { sid: 'sid-of-another-session' });
  const cookie = cookieOf(ground, ticket);
  return {
    ground,
    cookie,
    spentCookie,
    good: requestWith(cookie),
    victim: {
      stands: () => accountProperties(store, ALICE) !== null,
      names: [cookie, spentCookie, ticket.sessionId, ticket.secret, 'sid-of-another-session', 'alice.contoso', ALICE],
    },
  };
}

const ask = ({ ground }: BrowserScene, sent: Sent, atEdge: boolean): Promise<Answer> =>
  atEdge ? ground.answerAtEdge(trigger, sent) : ground.answer(trigger, sent);

const oddScopes: AttackClass<BrowserScene> = {
  status: 400,
  cases: fc
    .oneof(
      word.map((scope) => `scope=${scope}`),
      fc
        .constantFrom('', 'Account', 'account%20', '%00session', 'all', '*', 'null')
        .chain((scope) => word.map((beside) => `${beside}=1&scope=${scope}`)),
      fc
        .tuple(fc.constantFrom('account', 'session'), fc.oneof(fc.constantFrom('account', 'session', ''), word), word)
        .map(([one, two, beside]) => `scope=${one}&${beside}=1&scope=${two}`),
    )
    .map((query) => ({
      what: query,
      make: ({ good }) => ({ sent: { ...good, target: `${good.target}?${query}` }, secrets: [query] }),
    })),
};

const siege: Siege<BrowserScene> = {
  name: 'own sign-out',
  raise,
  ask,
  classes: {
    ...originClasses,
    'from nobody knows where': unsaid(fc.oneof(fc.constantFrom(null, '1', 'true'), word)),
    ...cookieClasses(303),
    'an odd scope': oddScopes,
    'a headers parameter': headersParameter(
      ({ good }) => ({ ...good, headers: {} }),
      ({ good }) => good.headers,
    ),
  },
  // Of who is not signed in here the OP is told no name.
  after(_scene, answer) {
    expect(answer.headers.location ?? '').not.toContain('_hint=');
  },
  async endVictim(scene) {
    const answer = await ask(scene, scene.good, false);
    expect([answer.status, answer.headers.location]).toEqual([303, expect.stringContaining('logout_hint=')]);
  },
};

export const ownSieges = [siege];
