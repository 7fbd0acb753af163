import { beforeEach, describe, expect, it } from '@jest/globals';
import { createAccountCodec } from '../../../shared/account/account.ts';
import type { Application } from '../../../shared/application/application.ts';
import { NO_HINTS } from '../../../shared/oidc/authorization-url.ts';
import type { StepUp } from '../../../shared/settings/settings.ts';
import { beginSignin, type SigninBegun } from '../../../shared/signin/begin.ts';
import { finishSignin } from '../../../shared/signin/finish.ts';
import type { LocalPath } from '../../../shared/signin/return-to.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { type OpScript, testApplication } from '../../support/application.ts';
import { downstreamApi } from '../../support/downstream-api.ts';
import { ALICE, accountProperties, type TestStore, target } from '../../support/store.ts';

const ASKED: StepUp = { acrs: ['c1'], maxAgeSeconds: 60 };

let application: Application;
let store: TestStore;
let script: OpScript;
let jar: Map<string, string>;
beforeEach(() => {
  ({ application, store, script } = testApplication());
  const api = downstreamApi({ stepUp: [{ routes: [], ...ASKED }] });
  const settings = { ...application.settings, downstreamApis: new Map([['graph', api]]) };
  application = { ...application, settings };
  jar = new Map();
});

const seconds = () => Math.floor(store.ambient.now() / 1_000);

function keep({ cookies, location }: SigninBegun): URLSearchParams {
  for (const { name, value } of cookies) jar.set(name, value);
  return new URL(location).searchParams;
}

/** Sets out, and gives the authorization request. */
async function begin(stepUp: StepUp | null = ASKED): Promise<URLSearchParams> {
  const begun = await beginSignin(application, jar, {
    returnTo: '/orders' as LocalPath,
    hints: NO_HINTS,
    ...(stepUp && { stepUp }),
  });
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  return keep(begun);
}

const finish = (request: URLSearchParams) => {
  const answer = { state: request.get('state') ?? '', code: 'code-1', error: null, iss: null, sessionState: null };
  return finishSignin(application, jar, answer, 'Firefox on Linux');
};

describe('a sign-in that is asked for a proof', () => {
  it('keeps what the ID token says of it in its session, and nothing more', async () => {
    script.claims = { acrs: ['c1', 'c7'], auth_time: seconds() - 30 };
    const finished = await finish(await begin());
    if (finished.outcome !== 'signed-in') throw new Error(finished.outcome);
    const read = await store.tables.accounts.read({ partitionKey: ALICE, rowKey: 'account' });
    if (read.outcome !== 'found') throw new Error(read.outcome);
    const session = createAccountCodec(store.keyring, ALICE).openSession(read.entity, finished.ticket.sessionId);
    expect(session).toMatchObject({ value: { acrs: ['c1'], authTime: (seconds() - 30) * 1_000 } });
  });

  it('is let in where the person proved it when asked, however long they then were on their way back', async () => {
    const request = await begin();
    const provedAt = seconds();
    store.ambient.advance(9 * 60_000);
    script.claims = { acrs: ['c1'], auth_time: provedAt };
    expect(await finish(request)).toMatchObject({ outcome: 'signed-in' });
  });

  it('is let in by a proof that was no older than asked when they set out, and by no other', async () => {
    const request = await begin();
    script.claims = { acrs: ['c1'], auth_time: seconds() - 63 };
    expect(await finish(request)).toEqual({ outcome: 'refused', code: 'step_up_unmet', reason: 'auth-time-too-old' });
    const again = await begin();
    script.claims = { acrs: ['c1'], auth_time: seconds() - 60 };
    expect(await finish(again)).toMatchObject({ outcome: 'signed-in' });
  });

  it('that must prove it anew has not by what came before', async () => {
    const anew = { acrs: [], maxAgeSeconds: 0 };
    const request = await begin(anew);
    script.claims = { auth_time: seconds() - 3 };
    expect(await finish(request)).toMatchObject({ reason: 'auth-time-too-old' });
    const again = await begin(anew);
    store.ambient.advance(5_000);
    script.claims = { auth_time: seconds() };
    expect(await finish(again)).toMatchObject({ outcome: 'signed-in' });
  });

  it('that does not prove it leaves nothing, and its tokens to nobody', async () => {
    script.claims = { auth_time: seconds() };
    expect(await finish(await begin())).toEqual({ outcome: 'refused', code: 'step_up_unmet', reason: 'acrs-unmet' });
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(script.revoked).toHaveLength(1);
  });

  it('asks for it once more where a sign-out sent it round again, and is held to it', async () => {
    const request = await begin();
    script.claims = { acrs: ['c1'], auth_time: seconds() };
    script.during = () => signOutTarget(store, target('sid', 'sid-1'), store.ambient.now(), 'account');
    const again = await finish(request);
    if (again.outcome !== 'begun') throw new Error(again.outcome);
    script.during = undefined;
    const second = keep(again);
    expect([second.get('claims'), second.get('max_age')]).toEqual([request.get('claims'), '60']);
    script.claims = {};
    expect(await finish(second)).toMatchObject({ outcome: 'refused', code: 'step_up_unmet' });
  });
});

describe('a sign-in that is asked for nothing', () => {
  it('is let in with whatever it proves, and keeps that', async () => {
    for (const claims of [{}, { acrs: ['c1'], auth_time: 1 }]) {
      script.claims = claims;
      const request = await begin(null);
      expect([request.has('claims'), request.has('max_age'), request.has('prompt')]).toEqual([false, false, false]);
      expect(await finish(request)).toMatchObject({ outcome: 'signed-in' });
    }
  });
});
