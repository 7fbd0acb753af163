import { expect } from '@jest/globals';
import fc from 'fast-check';
import { sessionsTriggers } from '../../../functions/doors/sessions.ts';
import { sessionProperty } from '../../../shared/account/account.ts';
import type { Answer } from '../../../shared/http/message.ts';
import { endSession } from '../../../shared/session/end-session.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, BOB } from '../../support/store.ts';
import { type BrowserScene, cookieOf, FROM_OUR_PAGE, SESSION } from '../support/browser.ts';
import { cookieClasses } from '../support/cookie-classes.ts';
import { headersParameter } from '../support/edge-classes.ts';
import { raiseGround, type Sent } from '../support/ground.ts';
import { word } from '../support/hostile-token.ts';
import { originClasses, unsaid } from '../support/origin-classes.ts';
import type { AttackClass, Siege } from '../support/siege.ts';
import { telling } from '../support/telling.ts';

const trigger = sessionsTriggers['end-session'];

interface SessionsScene extends BrowserScene {
  /** The session on the person's other device, which is to end. */
  readonly id: string;
  readonly spentId: string;
  /** Of somebody else, who is signed in too. */
  readonly foreignCookie: string;
}

/** Somebody signed in on two devices, and once on a third. */
async function raise(): Promise<SessionsScene> {
  const ground = raiseGround();
  const { store } = ground;
  const spent = await signIn(store, { sid: 'sid-of-the-third-device' });
  expect(await endSession(store, spent)).toMatchObject({ outcome: 'ended' });
  const laptop = await signIn(store, { sid: 'sid-of-the-laptop' });
  const phone = await signIn(store, { sid: 'sid-of-the-telephone' });
  const bob = await signIn(store, { account: BOB, sid: 'sid-of-bob' });
  const [cookie, spentCookie, foreignCookie] = [laptop, spent, bob].map((ticket) => cookieOf(ground, ticket));
  if (cookie === undefined || spentCookie === undefined || foreignCookie === undefined) throw new Error('no cookies');
  const ids = [laptop, phone, spent, bob].flatMap(({ sessionId, secret }) => [sessionId as string, secret]);
  const sids = ['sid-of-the-laptop', 'sid-of-the-telephone'];
  return {
    ground,
    cookie,
    spentCookie,
    foreignCookie,
    id: phone.sessionId,
    spentId: spent.sessionId,
    good: {
      method: 'DELETE',
      target: `/auth/sessions/${phone.sessionId}`,
      headers: { ...FROM_OUR_PAGE, 'x-csrf': '1', cookie: `${SESSION}=${cookie}` },
      body: null,
    },
    victim: {
      stands: () => accountProperties(store, ALICE)?.includes(sessionProperty(phone.sessionId)) ?? false,
      names: [cookie, spentCookie, foreignCookie, ...ids, ...sids, 'alice.contoso', ALICE],
    },
  };
}

const ask = ({ ground }: SessionsScene, sent: Sent, atEdge: boolean): Promise<Answer> =>
  atEdge ? ground.answerAtEdge(trigger, sent) : ground.answer(trigger, sent);

interface OddId {
  readonly what: string;
  of(scene: SessionsScene): string;
}

const hexId = fc.stringMatching(/^[0-9a-f]{32}$/);
const oddIds = fc.oneof<fc.Arbitrary<OddId>[]>(
  fc.oneof(word, hexId).map((id) => ({ what: id, of: () => id })),
  fc.nat(31).map((at) => ({ what: `cut at ${at}`, of: ({ id }) => id.slice(0, at) })),
  fc.nat(31).map((at) => ({ what: `g at ${at}`, of: ({ id }) => `${id.slice(0, at)}g${id.slice(at + 1)}` })),
  fc.nat(31).map((at) => ({
    what: `escaped at ${at}`,
    of: ({ id }) => `${id.slice(0, at)}%${id.charCodeAt(at).toString(16)}${id.slice(at + 1)}`,
  })),
  fc.constantFrom('%', '%00', '%20', '%0a', "'", '*', '%2f', ',', ';x=1', '%ff', '+', '.').map((odd) => ({
    what: `${odd} after`,
    of: ({ id }) => id + odd,
  })),
  fc
    .integer({ min: 33, max: 20_000 })
    .map((length) => ({ what: `${length} characters`, of: ({ id }) => id.padEnd(length, id) })),
  fc.constantFrom<OddId>(
    { what: 'none', of: () => '' },
    { what: 'the account', of: () => ALICE },
    { what: 'twice', of: ({ id }) => `${id},${id}` },
    { what: 'in capitals, with a prefix', of: ({ id }) => `S_${id.toUpperCase()}` },
    { what: 'of a session that has ended', of: ({ spentId }) => spentId },
    { what: 'the path of another', of: ({ id }) => `${id}/x` },
  ),
);

/** One read at most: whether whoever asks is signed in, and whether it is one of theirs. */
const named: Record<string, AttackClass<SessionsScene>> = {
  "an odd id, or nobody's": {
    status: 404,
    storageCallsMax: 1,
    cases: oddIds.map(({ what, of }) => ({
      what,
      make(scene) {
        const id = of(scene);
        return { sent: { ...scene.good, target: `/auth/sessions/${id}` }, secrets: telling([id]) };
      },
    })),
  },
  "another account's id": {
    status: 404,
    storageCallsMax: 1,
    cases: fc
      .record({ query: word, accept: fc.constantFrom('text/html', 'application/json', '*/*') })
      .map(({ query, accept }) => ({
        what: `by somebody else, ${query}, ${accept}`,
        make({ good, foreignCookie }) {
          const headers = { ...good.headers, accept, cookie: `${SESSION}=${foreignCookie}` };
          return { sent: { ...good, target: `${good.target}?${query}=1`, headers }, secrets: [query] };
        },
      })),
  },
};

const siege: Siege<SessionsScene> = {
  name: 'sessions',
  raise,
  ask,
  classes: {
    ...originClasses,
    'from nobody knows where': unsaid(
      fc.oneof(fc.constantFrom(null, '', '0', '2', '11', 'true', '1, 1', '1,', '01', '"1"'), word),
    ),
    ...cookieClasses(401),
    ...named,
    'a headers parameter': headersParameter(
      ({ good }) => ({ ...good, headers: {} }),
      ({ good }) => good.headers,
    ),
  },
  async endVictim(scene) {
    expect((await ask(scene, scene.good, false)).status).toBe(204);
  },
};

export const sessionsSieges = [siege];
