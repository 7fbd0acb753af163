import { describe, expect, it } from '@jest/globals';
import { scriptedGround } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { OPERATOR_AUDIENCE, operate, operatorClaims, tenantOf } from './support/operator.ts';
import type { Claims } from './support/scripted-op.ts';
import { storedRows } from './support/stored.ts';
import { send } from './support/wire.ts';

const ground = scriptedGround((op) => ({ OPERATOR_AUDIENCE, OPERATOR_TENANT: tenantOf(op.issuer) }));
const { world } = ground;

const seconds = () => Math.floor(Date.now() / 1_000);
const good = () => operatorClaims(ground.op);
const signed = (changes: Claims, header: Record<string, string> = {}) =>
  ground.op.sign({ ...good(), ...changes }, header);
const PATHS = [
  ['POST', 'accounts/alice.contoso/signout'],
  ['GET', 'accounts/alice.contoso'],
  ['POST', 'users/alice/signout'],
  ['GET', 'users/alice'],
] as const;

describe("a token that is not an operator's", () => {
  it.each<[string, () => string | Promise<string>]>([
    ['signed by a stranger', () => ground.op.signAsStranger(good())],
    ['signed by a key that the OP does not know', () => signed({}, { kid: 'unknown' })],
    ['signed by nobody (alg none)', () => ground.op.leaveUnsigned(good())],
    ['signed with the public key as a secret (HS256)', () => ground.op.signWithPublicKey(good())],
    ['for another API', () => signed({ aud: ground.app.clientId })],
    ['of another tenant', () => signed({ tid: '99999999-0000-4000-8000-000000000000' })],
    ["of another tenant's issuer", () => signed({ iss: ground.op.issuer.replace('0defaced', '0ddba11') })],
    ['of version 1', () => signed({ iss: `https://sts.windows.net/${tenantOf(ground.op.issuer)}/` })],
    ['that has expired', () => signed({ exp: seconds() - 60 })],
    ['that is not valid yet', () => signed({ nbf: seconds() + 60 })],
    ['that is an ID token', () => signed({ nonce: 'n', azp: undefined, azpacr: undefined, scp: undefined })],
    ['that is an ID token without a nonce', () => signed({ azp: undefined, azpacr: undefined, scp: undefined })],
    ['that is typed as a logout token', () => signed({}, { typ: 'logout+jwt' })],
    ['that is no JWT', () => 'not-a-token'],
    ['that is huge', () => `${'a'.repeat(7_000)}.b.c`],
  ])('%s is answered 401 invalid_token at every route, and ends nothing', async (_what, make) => {
    const before = await storedRows(world);
    const token = await make();
    for (const [method, path] of PATHS) {
      const answer = await operate(ground.app, method, path, token);
      expectProblem(answer, 401, 'operator_token_invalid');
      expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
      expect(answer.text).not.toContain(token);
    }
    expect(await storedRows(world)).toEqual(before);
  });

  it.each<[string, unknown]>([
    ['no role', undefined],
    ['another role', ['Exeunt.Reader']],
    ['the role as a text', 'Exeunt.Operator'],
  ])('with %s is answered 403 insufficient_scope', async (_what, roles) => {
    for (const [method, path] of PATHS) {
      const answer = await operate(ground.app, method, path, await signed({ roles }));
      expectProblem(answer, 403, 'operator_role_missing');
      expect(answer.headers['www-authenticate']).toBe('Bearer error="insufficient_scope"');
    }
  });

  it('is known in the log by why it was refused, and by nothing of it', async () => {
    const claims: Record<string, unknown> = { ...good(), roles: ['Exeunt.Reader'] };
    await operate(ground.app, 'GET', 'users/alice', await ground.op.sign(claims));
    await ground.app.host.line(/"event":"operator.refused","reason":"claim-roles"/);
    const lines = ground.app.host.lines.join('\n');
    for (const value of [claims.sub, claims.oid, claims.uti, claims.azp]) expect(lines).not.toContain(String(value));
  });
});

describe('a request without a bearer token', () => {
  it.each<[string, Record<string, string>]>([
    ['no credentials', {}],
    ['credentials of another scheme', { authorization: 'Basic YTpi' }],
    ['a cookie', { cookie: '__Host-session=anything' }],
  ])('with %s is told the scheme, and no error', async (_what, headers) => {
    for (const [method, path] of PATHS) {
      const answer = await send(`${ground.app.origin}/operator/${path}`, { method, headers });
      expectProblem(answer, 401, 'operator_token_required');
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('that has a good one in the address or the body has none', async () => {
    const token = await signed({});
    const body = new URLSearchParams({ access_token: token }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const url = `${ground.app.origin}/operator/users/alice/signout`;
    for (const answer of [
      await send(`${url}?access_token=${token}`, { method: 'POST' }),
      await send(url, { method: 'POST', headers, body }),
    ]) {
      expectProblem(answer, 401, 'operator_token_required');
    }
  });

  it('of a page of another site gets no leave to send one', async () => {
    const headers = {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const answer = await send(`${ground.app.origin}/operator/users/alice/signout`, { method: 'OPTIONS', headers });
    expect(answer.status).toBe(404);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('a path that names nobody', () => {
  it.each(['%', '%ff', '%zz', 'a'.repeat(1_100)])('%#: is told so, and asks no storage', async (id) => {
    const before = await storedRows(world);
    const token = await signed({});
    for (const kind of ['accounts', 'users']) {
      for (const [method, rest] of [
        ['POST', '/signout'],
        ['GET', ''],
      ] as const) {
        const target = `/operator/${kind}/${id}${rest}`;
        const headers = { authorization: `Bearer ${token}` };
        expectProblem(await send(ground.app.origin, { method, target, headers }), 400, 'operator_path_invalid');
      }
    }
    expect(await storedRows(world)).toEqual(before);
  });
});

describe('where OPERATOR_AUDIENCE is not set', () => {
  it('there is no such door, whoever knocks', async () => {
    const closed = await world.startApp({ OPERATOR_AUDIENCE: undefined, OPERATOR_TENANT: undefined });
    for (const [method, path] of PATHS)
      expect((await operate(closed, method, path, await signed({}))).status).toBe(404);
    const open = await send(`${ground.app.origin}/health/ready`);
    expect(open.json()).toMatchObject({ doors: expect.arrayContaining(['operator']) });
    const ready = await send(`${closed.origin}/health/ready`);
    expect(ready.json<{ doors: string[] }>().doors).not.toContain('operator');
    await closed.host.stop();
  });
});
