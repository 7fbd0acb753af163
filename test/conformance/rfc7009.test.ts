import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { Browser } from '../http/support/browser.ts';
import { scriptedGround, withMetadata } from '../http/support/ground.ts';
import type { ScriptedAnswer, ScriptedRequest } from '../http/support/scripted-op.ts';
import { comeBack } from '../http/support/scripted-sign-in.ts';
import type { RunningApp } from '../http/support/world.ts';
import { conforms } from './conforms.ts';
import { rfc7009 } from './specs/rfc7009.ts';
import { expectSignedIn } from './support/ground.ts';

const ground = scriptedGround(() => ({ AUTH_PROTOCOL: 'oidc' }));
const originOfOp = () => new URL(ground.op.issuer).origin;
beforeAll(() => {
  ground.op.metadata.revocation_endpoint = `${originOfOp()}/revoke`;
});
beforeEach(() => ground.op.clientAnswers.clear());
afterAll(() => {
  delete ground.op.metadata.revocation_endpoint;
});

interface SignedOut {
  readonly refreshToken: string;
  readonly requests: readonly ScriptedRequest[];
  readonly status: number;
  /** Of the receipt. */
  readonly revocations: unknown;
  /** Of a call after it. */
  readonly after: number;
}

/** Signs somebody in and out, where the revocation endpoint answers so. */
async function signInAndOut(answer?: ScriptedAnswer, app: RunningApp = ground.app): Promise<SignedOut> {
  const refreshToken = `refresh-${Math.random()}`;
  ground.op.tokenResponse = { refresh_token: refreshToken };
  if (answer) ground.op.clientAnswers.set('/revoke', answer);
  const browser = new Browser();
  expectSignedIn((await comeBack(ground.op, app, browser)).answer);
  const before = ground.op.clientRequests.length;
  const { status } = await browser.submit(`${app.origin}/auth/signout`, {}, app.origin);
  const receipt = app.host.lines.findLast((line) => line.includes('"signout.completed"')) ?? '{}';
  return {
    refreshToken,
    requests: ground.op.clientRequests.slice(before),
    status,
    revocations: JSON.parse(receipt).revocations,
    after: (await browser.fetch(`${app.origin}/auth/session`)).status,
  };
}

const REVOKED = { revoked: 1, failed: 0 };
const FAILED = { revoked: 0, failed: 1 };
const DONE = { status: 303, after: 401 };

conforms(rfc7009, {
  '2-https': () =>
    withMetadata(ground, { revocation_endpoint: 'http://op.example/revoke' }, async (app) => {
      expect((await new Browser().navigate(`${app.origin}/auth/signin`)).status).toBe(503);
    }).finally(() => {
      ground.op.metadata.revocation_endpoint = `${originOfOp()}/revoke`;
    }),
  '2-post': async () => {
    const { requests, ...rest } = await signInAndOut();
    expect(requests).toMatchObject([{ path: '/revoke', method: 'POST' }]);
    expect(rest).toMatchObject({ ...DONE, revocations: REVOKED });
  },
  '2.1-token': async () => {
    const { requests, refreshToken } = await signInAndOut();
    expect(requests).toMatchObject([
      { path: '/revoke', contentType: expect.stringContaining('application/x-www-form-urlencoded') },
    ]);
    expect(requests[0]?.form.getAll('token')).toEqual([refreshToken]);
  },
  '2.1-hint': async () => {
    const { requests } = await signInAndOut();
    expect(requests[0]?.form.getAll('token_type_hint')).toEqual(['refresh_token']);
  },
  '2.1-credentials': async () => {
    const { requests } = await signInAndOut();
    const { clientId, clientSecret } = ground.app;
    expect(Object.fromEntries(requests[0]?.form ?? [])).toMatchObject({
      client_id: clientId,
      client_secret: clientSecret,
    });
  },
  '2.2-status-alone': async () => {
    for (const body of [{ error: 'invalid_request' }, 'words', undefined]) {
      expect(await signInAndOut({ status: 200, body })).toMatchObject({ ...DONE, revocations: REVOKED });
    }
  },
  '2.2-errors-ignored': async () => {
    expect(await signInAndOut({ status: 200 })).toMatchObject({ ...DONE, revocations: REVOKED });
  },
  '2.2.1-503': async () => {
    const unavailable = { status: 503, headers: { 'retry-after': '1' } };
    const signedOut = await signInAndOut(unavailable);
    expect(signedOut).toMatchObject({ ...DONE, revocations: FAILED });
    expect(signedOut.requests).toHaveLength(1);
  },
  '2.2.1-error': async () => {
    for (const error of ['unsupported_token_type', 'invalid_client', 'invalid_request']) {
      expect(await signInAndOut({ status: 400, body: { error } })).toMatchObject({ ...DONE, revocations: FAILED });
    }
  },
  '5-authenticated-endpoint': async () => {
    const elsewhere = { status: 307, headers: { location: `${originOfOp()}/par` } };
    const signedOut = await signInAndOut(elsewhere);
    expect(signedOut).toMatchObject({ ...DONE, revocations: FAILED });
    expect(signedOut.requests.map(({ path }) => path)).toEqual(['/revoke']);
  },
});
