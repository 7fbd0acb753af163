import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Application } from '../../../shared/application/application.ts';
import type { Cookie } from '../../../shared/http/message.ts';
import { NO_HINTS } from '../../../shared/oidc/authorization-url.ts';
import { beginSignin } from '../../../shared/signin/begin.ts';
import type { CallbackParameters } from '../../../shared/signin/callback-parameters.ts';
import { finishSignin } from '../../../shared/signin/finish.ts';
import type { LocalPath } from '../../../shared/signin/return-to.ts';
import { type OpScript, testApplication } from '../../support/application.ts';
import { MINUTE } from '../../support/records.ts';
import { ALICE, accountProperties, failing, ISSUER, type TestStore } from '../../support/store.ts';

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

describe('a callback', () => {
  const refusals = () => accountProperties(store, ALICE);

  it('without any cookie says that cookies are blocked', async () => {
    const parameters = await begin();
    jar.clear();
    expect(await finish(parameters)).toMatchObject({ outcome: 'refused', code: 'cookies_blocked' });
  });

  it('of a state that this browser does not know is refused: nobody signs it in to another account', async () => {
    await begin();
    expect(await finish({ ...(await begin()), state: 'another' })).toMatchObject({ code: 'state_unknown' });
    expect(script.redeemed).toEqual([]);
  });

  it('with a cookie that an attacker planted under its name is refused', async () => {
    const parameters = await begin();
    const [name = ''] = jar.keys();
    jar.set(name, 'planted');
    expect(await finish(parameters)).toMatchObject({ code: 'state_unknown' });
  });

  it('that comes too late is refused', async () => {
    const parameters = await begin();
    store.ambient.advance(10 * MINUTE);
    expect(await finish(parameters)).toMatchObject({ code: 'attempt_expired' });
    expect(script.redeemed).toEqual([]);
  });

  it('that comes twice counts once, and its code is redeemed once', async () => {
    const parameters = await begin();
    const outcomes = await Promise.all([finish(parameters), finish(parameters), finish(parameters)]);
    expect(outcomes.filter(({ outcome }) => outcome === 'signed-in')).toHaveLength(1);
    expect(outcomes.filter((each) => 'code' in each && each.code === 'attempt_used')).toHaveLength(2);
    expect(script.redeemed).toHaveLength(1);
  });

  it('of another issuer is refused before anything is redeemed (RFC 9207)', async () => {
    expect(await finish({ ...(await begin()), iss: 'https://evil.example' })).toMatchObject({
      code: 'issuer_mismatch',
    });
    expect(await finish({ ...(await begin()), iss: ISSUER })).toMatchObject({ outcome: 'signed-in' });
    script.metadata = { ...script.metadata, authorization_response_iss_parameter_supported: true };
    expect(await finish(await begin())).toMatchObject({ code: 'issuer_mismatch' });
    expect(script.redeemed).toHaveLength(1);
  });

  it('of a tenant is that of the OP with a template, if it is the one that vouches', async () => {
    const template = 'https://login.example/{tenantid}/v2.0';
    const issuerOf = (tenant: string) =>
      template.replace('{tenantid}', `${tenant.repeat(8)}-1111-1111-1111-111111111111`);
    script.metadata = { ...script.metadata, issuer: template };
    script.iss = issuerOf('a');
    expect(await finish({ ...(await begin()), iss: issuerOf('a') })).toMatchObject({ outcome: 'signed-in' });
    expect(await finish({ ...(await begin()), iss: issuerOf('b') })).toMatchObject({ code: 'issuer_mismatch' });
    expect(await finish({ ...(await begin()), iss: template })).toMatchObject({ code: 'issuer_mismatch' });
  });

  it.each([
    ['access_denied', 'access_denied'],
    ['login_required', 'interaction_required'],
    ['interaction_required', 'interaction_required'],
    ['consent_required', 'interaction_required'],
    ['temporarily_unavailable', 'op_unavailable'],
    ['server_error', 'op_error'],
    ['<script>', 'op_error'],
  ])('with the error %s is %s', async (error, code) => {
    const reason = error === '<script>' ? 'unknown-error' : error;
    expect(await finish({ ...(await begin()), code: null, error })).toEqual({ outcome: 'refused', code, reason });
  });

  it.each([
    ['grant-dead', 'code_rejected'],
    ['interaction-required', 'interaction_required'],
    ['op-unavailable', 'op_unavailable'],
    ['op-refused', 'op_refused'],
    ['id-token-refused', 'id_token_rejected'],
  ] as const)('whose code is answered by %s is %s, and leaves no row', async (outcome, code) => {
    script.failure = { outcome, reason: 'reason' };
    expect(await finish(await begin())).toEqual({ outcome: 'refused', code, reason: 'reason' });
    expect(refusals()).toBeNull();
  });

  it.each([
    ['invalid', 'id_token_rejected'],
    ['op-unavailable', 'op_unavailable'],
  ] as const)('whose ID token is %s is %s, and leaves no row', async (outcome, code) => {
    script.idToken = { outcome, reason: 'reason' };
    expect(await finish(await begin())).toEqual({ outcome: 'refused', code, reason: 'reason' });
    expect(refusals()).toBeNull();
  });

  it('whose refresh token is more than can be stored is refused, and leaves no row', async () => {
    script.cache = JSON.stringify({ RefreshToken: { r: { secret: randomBytes(70_000).toString('base64') } } });
    expect(await finish(await begin())).toMatchObject({ outcome: 'refused', code: 'tokens_too_large' });
    expect(refusals()).toBeNull();
    expect(store.tables.rows('sids')).toEqual([]);
  });

  it.each([
    ['the attempt', { table: 'expiries' }],
    ['the account', { table: 'accounts' }],
  ] as const)('is refused where storage cannot keep %s', async (_, operation) => {
    const parameters = await begin();
    failing(store, operation);
    expect(await finish(parameters)).toMatchObject({ code: 'storage_unavailable' });
    expect(refusals()).toBeNull();
  });
});
