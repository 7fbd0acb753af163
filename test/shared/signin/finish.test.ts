import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Application } from '../../../shared/application/application.ts';
import { deletedCookie, sessionCookie } from '../../../shared/http/cookies.ts';
import type { Cookie } from '../../../shared/http/message.ts';
import { NO_HINTS } from '../../../shared/oidc/authorization-url.ts';
import { sealTicket } from '../../../shared/session/ticket.ts';
import { beginSignin } from '../../../shared/signin/begin.ts';
import type { CallbackParameters } from '../../../shared/signin/callback-parameters.ts';
import { finishSignin } from '../../../shared/signin/finish.ts';
import type { LocalPath } from '../../../shared/signin/return-to.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { type OpScript, testApplication } from '../../support/application.ts';
import { downstreamApi } from '../../support/downstream-api.ts';
import { propertiesWith, signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, BOB, type TestStore, target } from '../../support/store.ts';

let application: Application;
let store: TestStore;
let script: OpScript;
/** The browser's cookies. */
let jar: Map<string, string>;
beforeEach(() => {
  ({ application, store, script } = testApplication());
  jar = new Map();
});

function keep(cookies: readonly Cookie[]): void {
  for (const { name, value, maxAgeSeconds } of cookies) {
    if (maxAgeSeconds === 0) jar.delete(name);
    else jar.set(name, value);
  }
}

/** Sets out, and gives what the OP would send back. */
async function begin(): Promise<CallbackParameters> {
  const begun = await beginSignin(application, jar, {
    returnTo: '/orders' as LocalPath,
    hints: NO_HINTS,
  });
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  keep(begun.cookies);
  return answerTo(begun.location);
}

const answerTo = (location: string): CallbackParameters => {
  const state = new URL(location).searchParams.get('state') ?? '';
  return { state, code: 'code-1', error: null, iss: null, sessionState: null };
};
const finish = (parameters: CallbackParameters) => finishSignin(application, jar, parameters, 'Firefox on Linux');
const signOut = () => signOutTarget(store, target('sid', 'sid-1'), store.ambient.now(), 'account');

describe('a sign-in', () => {
  it('asks for a refresh token, the scopes of the settings and those of the API', async () => {
    const downstreamApis = new Map([['graph', downstreamApi({ scopes: ['User.Read', 'api.read'] })]]);
    application = { ...application, settings: { ...application.settings, downstreamApis } };
    const begun = await beginSignin(application, jar, {
      returnTo: '/' as LocalPath,
      hints: NO_HINTS,
      api: 'graph',
    });
    const location = begun.outcome === 'begun' ? begun.location : '';
    expect(new URL(location).searchParams.get('scope')).toBe('openid profile offline_access api.read User.Read');
  });

  it('redeems the code with what the attempt knows, and only then gives a ticket to the session stored', async () => {
    const finished = await finish(await begin());
    if (finished.outcome !== 'signed-in') throw new Error(finished.outcome);
    expect(finished.attempt.returnTo).toBe('/orders');
    expect(script.redeemed).toMatchObject([
      {
        code: 'code-1',
        codeVerifier: finished.attempt.codeVerifier,
        nonce: finished.attempt.nonce,
        redirectUri: 'https://app.example/auth/callback',
        scopes: finished.attempt.scopes,
      },
    ]);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(finished.ticket));
  });

  it('has a session id and a secret of its own each time', async () => {
    const tickets = [];
    for (let signins = 0; signins < 3; signins += 1) {
      const finished = await finish(await begin());
      if (finished.outcome === 'signed-in') tickets.push(finished.ticket.sessionId, finished.ticket.secret);
    }
    expect(new Set(tickets).size).toBe(6);
  });

  it('in several tabs at once completes in each', async () => {
    const [one, other] = [await begin(), await begin()];
    expect(await finish(other)).toMatchObject({ outcome: 'signed-in' });
    expect(await finish(one)).toMatchObject({ outcome: 'signed-in' });
  });

  it.each([
    ['of the same person', ALICE, 'alice.contoso'],
    ['of another person', BOB, 'bob.contoso'],
  ])('leaves no session behind that another tab %s has begun meanwhile', async (_, account, homeAccountId) => {
    const [one, other] = [await begin(), await begin()];
    script.homeAccountId = homeAccountId;
    const first = await finish(other);
    if (first.outcome !== 'signed-in') throw new Error(first.outcome);
    keep([sessionCookie(sealTicket(store.keyring, first.ticket))]);
    script.homeAccountId = 'alice.contoso';
    const second = await finish(one);
    if (second.outcome !== 'signed-in') throw new Error(second.outcome);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(second.ticket));
    if (account !== ALICE) expect(accountProperties(store, account)).toBeNull();
  });

  it('that is sent round again asks the OP for what it asked before', async () => {
    const hints = { ...NO_HINTS, prompt: 'login', claims: '{"access_token":{"acrs":{"essential":true}}}' } as const;
    const wishes = { returnTo: '/' as LocalPath, hints };
    const begun = await beginSignin(application, jar, wishes);
    if (begun.outcome !== 'begun') throw new Error(begun.outcome);
    keep(begun.cookies);
    script.during = signOut;
    const again = await finish(answerTo(begun.location));
    if (again.outcome !== 'begun') throw new Error(again.outcome);
    const asked = new URL(again.location).searchParams;
    expect([asked.get('prompt'), asked.get('claims')]).toEqual([hints.prompt, hints.claims]);
  });

  it('for an API redeems its code for that one, with the claims that were asked for, and is remembered', async () => {
    const mail = downstreamApi({ name: 'mail', scopes: ['api://mail/Mail.Read'] });
    const files = downstreamApi({ name: 'files', scopes: ['api://files/Read'] });
    const downstreamApis = new Map([mail, files].map((api) => [api.name, api]));
    application = { ...application, settings: { ...application.settings, downstreamApis } };
    const signInFor = async (api: string, claims: string | null = null) => {
      const wishes = { returnTo: '/' as LocalPath, hints: { ...NO_HINTS, claims }, api };
      const begun = await beginSignin(application, jar, wishes);
      if (begun.outcome !== 'begun') throw new Error(begun.outcome);
      keep(begun.cookies);
      const finished = await finish(answerTo(begun.location));
      if (finished.outcome !== 'signed-in') throw new Error(finished.outcome);
      keep([sessionCookie(sealTicket(store.keyring, finished.ticket))]);
      return finished.ticket;
    };
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    expect((await signInFor('mail', claims)).apis).toEqual(['mail']);
    expect(script.redeemed.at(-1)).toMatchObject({
      scopes: ['openid', 'profile', 'offline_access', 'api://mail/Mail.Read'],
      claims,
    });
    expect((await signInFor('files')).apis).toEqual(['mail', 'files']);
    expect(script.redeemed.at(-1)).toMatchObject({ claims: null });
  });

  it.each([
    ['sid-1', null, { sid: 'id_token', loginHint: true }],
    [null, 'state-1', { sid: 'session_state', loginHint: true }],
    [null, null, { sid: 'nowhere', loginHint: true }],
  ])(
    'of sid %j and session_state %j is remembered for what the OP gave, and not for whom',
    async (sid, sessionState, seen) => {
      expect(application.lastSignin.get()).toBeNull();
      script.sid = sid;
      await finish({ ...(await begin()), sessionState });
      expect(application.lastSignin.get()).toEqual(seen);
    },
  );

  it('at an OP without sid is found by its account', async () => {
    script.sid = null;
    const finished = await finish(await begin());
    expect(finished).toMatchObject({ outcome: 'signed-in', ticket: { tombstone: target('account', ALICE) } });
  });

  it('at Entra ID without the sid claim is found by the callback’s session_state, which its own sign-out does not bury', async () => {
    script.sid = null;
    const finished = await finish({ ...(await begin()), sessionState: 'sid-1' });
    expect(finished).toMatchObject({ outcome: 'signed-in', ticket: { tombstone: target('account', ALICE) } });
    await signOut();
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('goes by the signed claim where there is one', async () => {
    const finished = await finish({ ...(await begin()), sessionState: 'forged' });
    expect(finished).toMatchObject({ ticket: { tombstone: target('sid', 'sid-1') } });
  });

  it('at another OP takes session_state for what it is there, no sid', async () => {
    ({ application, store, script } = testApplication({ protocol: 'oidc' }));
    script.sid = null;
    const finished = await finish({ ...(await begin()), sessionState: 'hash.salt' });
    expect(finished).toMatchObject({ ticket: { tombstone: target('account', ALICE) } });
  });

  it('is not broken by a huge session_state, which names no OP session', async () => {
    script.sid = null;
    const finished = await finish({ ...(await begin()), sessionState: 's'.repeat(4_000) });
    expect(finished).toMatchObject({ outcome: 'signed-in', ticket: { tombstone: target('account', ALICE) } });
  });

  it('needs the OP', async () => {
    script.up = false;
    const wishes = { returnTo: '/' as LocalPath, hints: NO_HINTS };
    expect(await beginSignin(application, jar, wishes)).toMatchObject({ outcome: 'op-unavailable' });
  });

  it('with form_post keeps its attempt in a cookie that comes with a cross-site POST, and deletes old ones alike', async () => {
    ({ application, store, script } = testApplication({ responseMode: 'form_post' }));
    jar.set('__Host-signin-forged', 'forged');
    const wishes = { returnTo: '/' as LocalPath, hints: NO_HINTS };
    const begun = await beginSignin(application, jar, wishes);
    expect(begun).toMatchObject({
      cookies: [deletedCookie('__Host-signin-forged', 'None'), { sameSite: 'None', maxAgeSeconds: 600 }],
    });
  });
});

describe('a sign-in that a sign-out overtakes', () => {
  it('goes round once more as a new attempt, when the clocks have passed the sign-out, and then completes', async () => {
    const first = await begin();
    script.during = signOut;
    const again = await finish(first);
    if (again.outcome !== 'begun') throw new Error(again.outcome);
    expect(store.ambient.sleeps).toEqual([2_000]);
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(script.revoked).toHaveLength(1);

    keep(again.cookies);
    script.during = undefined;
    const second = answerTo(again.location);
    expect(second.state).not.toBe(first.state);
    expect(await finish(second)).toMatchObject({ outcome: 'signed-in', attempt: { returnTo: '/orders' } });
  });

  it('waits on where its timer wakes before the clock has come to that time: the new attempt is not refused like the first', async () => {
    const { sleep } = store.ambient;
    const early: typeof store.ambient = { ...store.ambient, sleep: (ms) => sleep(Math.max(ms - 1, 0.5)) };
    application = { ...application, store: { ...application.store, ambient: early } };
    const first = await begin();
    script.during = signOut;
    const again = await finish(first);
    if (again.outcome !== 'begun') throw new Error(again.outcome);
    keep(again.cookies);
    script.during = undefined;
    expect(await finish(answerTo(again.location))).toMatchObject({ outcome: 'signed-in' });
  });

  it.each([new Date('9999-12-31'), 'text'])('waits no longer for a damaged tombstone: %s', async (receivedAt) => {
    const first = await begin();
    const key = { partitionKey: target('sid', script.sid ?? ''), rowKey: 'tombstone' };
    await store.tables.sids.create(key, { receivedAt });
    expect((await finish(first)).outcome).toBe('begun');
    expect(store.ambient.sleeps).toEqual([5_000]);
  });

  it('does not go round a second time', async () => {
    script.during = signOut;
    const again = await finish(await begin());
    if (again.outcome !== 'begun') throw new Error(again.outcome);
    keep(again.cookies);
    expect(await finish(answerTo(again.location))).toMatchObject({ code: 'signed_out_meanwhile' });
    expect(accountProperties(store, ALICE)).toBeNull();
  });
});

describe('a sign-in in a browser that has a session', () => {
  const has = async (more: Parameters<typeof signIn>[1]) => {
    const ticket = await signIn(store, more);
    keep([sessionCookie(sealTicket(store.keyring, ticket))]);
    return ticket;
  };

  it('ends that one, of the same account', async () => {
    await has({ sid: 'sid-1' });
    const finished = await finish(await begin());
    expect(finished.outcome === 'signed-in' && propertiesWith(finished.ticket)).toEqual(
      accountProperties(store, ALICE),
    );
  });

  it('ends that one, of another account, and that account’s others stay', async () => {
    await has({ account: BOB, sid: 'sid-2' });
    const other = await signIn(store, { account: BOB, sid: 'sid-3' });
    expect(await finish(await begin())).toMatchObject({ outcome: 'signed-in' });
    expect(accountProperties(store, BOB)).toEqual(propertiesWith(other));
  });

  it('ends none that somebody only claims to have', async () => {
    const bob = await signIn(store, { account: BOB, sid: 'sid-2' });
    keep([sessionCookie('forged')]);
    expect(await finish(await begin())).toMatchObject({ outcome: 'signed-in' });
    expect(accountProperties(store, BOB)).toEqual(propertiesWith(bob));
  });
});
