import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { TOKEN_EXCHANGE } from '../../local/op/identity-token.ts';
import { createSigningKey } from '../../local/op/keys.ts';
import { registration } from '../../local/stage/applications.ts';
import { duringTests } from './support/ground.ts';
import { expectPage, expectProblem } from './support/headers.ts';
import { letPass } from './support/let-pass.ts';
import { ownCertificate } from './support/own-certificate.ts';
import { endSecretlessGround, type Flaw, raiseSecretlessGround, withFlaw } from './support/secretless.ts';
import { type Arrived, arrive, bringIn, callBack } from './support/sign-in.ts';
import { accountRow, storedRows } from './support/stored.ts';
import { type Answer, send } from './support/wire.ts';
import { RAISE_MILLISECONDS, type RunningApp } from './support/world.ts';

const HOUR = 60 * 60_000;
const STORAGE = 'https://storage.azure.com';
const NOT_ACCEPTED = 'The sign-in service does not accept this application';

const { pem, jwk } = ownCertificate();
/** What has no identity has the certificate. */
const ground = duringTests(
  () =>
    raiseSecretlessGround(
      { AUTH_CLIENT_SECRET: undefined, AUTH_CLIENT_CERTIFICATE: pem },
      { authMethods: ['client_secret_post', 'private_key_jwt'] },
    ),
  endSecretlessGround,
);

const me = ({ origin }: RunningApp, { browser }: Arrived): Promise<Answer> =>
  browser.fetch(`${origin}/api/graph/me`, { headers: { 'x-csrf': '1' } });
const session = ({ origin }: RunningApp, { browser }: Arrived): Promise<Answer> =>
  browser.fetch(`${origin}/auth/session`);
const enter = (app: RunningApp): Promise<Arrived> => bringIn(ground.world, ground.world.newPerson(), app);
const hourLater = (app: RunningApp, { person }: Arrived) => letPass(ground.world, app, person, HOUR);
const rowOf = (app: RunningApp, { person }: Arrived) => accountRow(ground.world, person, app);
/** Why the request was refused, by the line of the log that has its id. */
const reasonOf = ({ host }: RunningApp, id: string): unknown =>
  host.lines.map((line) => /"reason":"([^"]+)"/.exec(line.includes(id) ? line : '')?.[1]).find(Boolean);
const idIn = (problem: Record<string, unknown>): string => String(problem.instance).replace('urn:uuid:', '');
const idOn = ({ text }: Answer): string => /Reference <code>([^<]+)</.exec(text)?.[1] ?? 'none';

describe('an application that has a managed identity and no secret', () => {
  let visitor: Arrived;
  beforeAll(async () => {
    visitor = await enter(ground.app);
  }, RAISE_MILLISECONDS);

  it('asks the platform for one token for each resource, however many calls come; the Functions host for one of its own', async () => {
    const { requests } = ground.around.platform;
    const calls = await Promise.all(Array.from({ length: 100 }, () => me(ground.app, visitor)));
    expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([200]));
    while (requests.length < 3) await turn();
    expect(requests.map(({ resource }) => resource).toSorted()).toEqual([TOKEN_EXCHANGE, STORAGE, STORAGE]);
    expect(ground.around.tables.refusals).toEqual([]);
  });

  it('refreshes as it signs in, by the token that it has', async () => {
    const [{ requests }, before] = [ground.around.platform, ground.world.op.refreshCount];
    await hourLater(ground.app, visitor);
    expect((await me(ground.app, visitor)).status).toBe(200);
    expect(ground.world.op.refreshCount).toBe(before + 1);
    expect(requests).toHaveLength(3);
  });

  it('goes on while the platform gives no tokens, for as long as those live that it has', async () => {
    const { platform } = ground.around;
    platform.refuse = () => 500;
    const other = await enter(ground.app);
    expect((await me(ground.app, other)).status).toBe(200);
    expect((await other.browser.submit(`${ground.app.origin}/auth/signout`, {}, ground.app.origin)).status).toBe(303);
    expect(await rowOf(ground.app, other)).toBeUndefined();
    platform.refuse = () => null;
  });

  it('has nothing secret in its environment or on its command line, but the keys of its sessions', () => {
    const { pid } = ground.app.host;
    const inProcess = (name: string): string[] =>
      readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0').filter(Boolean);
    const isLinux = existsSync(`/proc/${pid}/environ`);
    const variables = isLinux
      ? inProcess('environ')
      : Object.entries(ground.app.environment).map(([name, value]) => `${name}=${value}`);
    const names = variables.map((variable) => variable.slice(0, variable.indexOf('=')));
    expect(names).toContain('AUTH_MANAGED_IDENTITY_CLIENT_ID');
    expect(
      names.filter((name) => /SECRET|PASSWORD|CERTIFICATE|CONNECTION_STRING|AzureWebJobsStorage$/.test(name)),
    ).toEqual([]);
    const values = variables
      .filter((variable) => !variable.startsWith('SESSION_KEYS='))
      .map((variable) => variable.slice(variable.indexOf('=') + 1));
    const all = [...values, ...(isLinux ? inProcess('cmdline') : [])];
    const { azurite } = ground.world;
    const accountKey = /AccountKey=([^;]+)/.exec(azurite.tablesConnectionString)?.[1] ?? '';
    for (const secret of [accountKey, ground.app.clientSecret, 'AccountKey', 'SharedAccessSignature', 'PRIVATE KEY']) {
      expect(all.filter((text) => text.includes(secret))).toEqual([]);
    }
    // Whatever it is called: 30 bytes in base64 or hex.
    expect(all.filter((text) => /[\w+-]{40,}/.test(text))).toEqual([]);
    expect(ground.app.environment.SESSION_KEYS).toMatch(/[\w+/-]{40,}/);
  });

  it('loses nothing where its role at the tables is taken away: a sign-out waits in the queue, which the identity reaches too', async () => {
    const { roles, identity, queues } = ground.around;
    const passed = queues.passed;
    roles.table.delete(identity.principalId);
    expectProblem(await me(ground.app, visitor), 503, 'storage_unavailable');
    const url = `${ground.app.origin}/auth/signout-callback?sid=${visitor.sid}`;
    const id = idIn(expectProblem(await send(url), 503, 'signout_queued'));
    expect(reasonOf(ground.app, id)).toBe('AuthorizationPermissionMismatch');
    expect(await rowOf(ground.app, visitor)).toBeDefined();
    const done = ground.app.host.next(/"signout.completed","door":"front-channel",.*"tries":[1-9]/);
    roles.table.add(identity.principalId);
    await done;
    expect(await rowOf(ground.app, visitor)).toBeUndefined();
    expect((await session(ground.app, visitor)).status).toBe(401);
    expect(queues.passed).toBeGreaterThan(passed + 1);
  });

  it('ends a session by the front channel: nothing of it is stored any more', async () => {
    const other = await enter(ground.app);
    expect(await rowOf(ground.app, other)).toBeDefined();
    const { origin } = ground.world.op;
    const answer = await other.browser.frame(`${ground.app.origin}/auth/signout-callback?sid=${other.sid}`, origin);
    expect(answer.status).toBe(200);
    expect(await rowOf(ground.app, other)).toBeUndefined();
    expect((await session(ground.app, other)).status).toBe(401);
  });
});

const expired = () => Math.floor(Date.now() / 1_000) - 60;
const unsigned = (token: string): string =>
  `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`;
const foreign = async (): Promise<Flaw> => ({ key: await createSigningKey() });

/** And the code that the storage gives. */
const REFUSED_BY_STORAGE: readonly [string, () => Promise<Flaw>, string][] = [
  ['for another audience', async () => ({ claims: { aud: 'https://vault.azure.net' } }), 'InvalidAuthenticationInfo'],
  ['of another tenant', async () => ({ claims: { iss: 'https://sts.example/' } }), 'InvalidAuthenticationInfo'],
  ['that has expired', async () => ({ claims: { exp: expired() } }), 'InvalidAuthenticationInfo'],
  ['signed by nobody it knows', foreign, 'InvalidAuthenticationInfo'],
  ['without a signature', async () => ({ made: unsigned }), 'InvalidAuthenticationInfo'],
  [
    'of an identity without a role',
    async () => ({ claims: { oid: ground.around.stranger.principalId } }),
    'AuthorizationPermissionMismatch',
  ],
];

const REFUSED_BY_OP: readonly [string, () => Promise<Flaw>][] = [
  ['for another audience', async () => ({ claims: { aud: `${TOKEN_EXCHANGE}China` } })],
  ['for storage', async () => ({ claims: { aud: STORAGE } })],
  ['of another issuer', async () => ({ claims: { iss: 'https://login.example/tenant/v2.0' } })],
  ['of another identity', async () => ({ claims: { sub: randomUUID() } })],
  ['that has expired', async () => ({ claims: { exp: expired() } })],
  ['signed by nobody it knows', foreign],
  ['without a signature', async () => ({ made: unsigned })],
];

describe('storage that does not take the token of the identity', () => {
  let visitor: Arrived;
  beforeAll(async () => {
    visitor = await enter(ground.forgetful);
  }, RAISE_MILLISECONDS);

  it.each(REFUSED_BY_STORAGE)(
    'because it is one %s, is unavailable, and nobody is signed out by that',
    async (_, flaw, reason) => {
      const sent = ground.world.api.tokenHashes.length;
      const { asked, called } = await withFlaw(ground, STORAGE, await flaw(), async () => ({
        asked: await session(ground.forgetful, visitor),
        called: await me(ground.forgetful, visitor),
      }));
      expect(reasonOf(ground.forgetful, idIn(expectProblem(asked, 503, 'storage_unavailable')))).toBe(reason);
      expect(reasonOf(ground.forgetful, idIn(expectProblem(called, 503, 'storage_unavailable')))).toBe(reason);
      expect(ground.around.tables.refusals.at(-1)?.code).toBe(reason);
      expect(ground.world.api.tokenHashes).toHaveLength(sent);
      expect((await session(ground.forgetful, visitor)).status).toBe(200);
      expect((await me(ground.forgetful, visitor)).status).toBe(200);
    },
  );

  it('lets nobody sign in, and keeps nothing of it', async () => {
    const late = await arrive(ground.world, undefined, ground.forgetful);
    const flaw = { claims: { aud: 'https://vault.azure.net' } };
    const answer = await withFlaw(ground, STORAGE, flaw, () => callBack(late.browser, late.callback));
    expectPage(answer, 503, 'The storage does not answer');
    expect(answer.setCookies.join()).not.toContain('__Host-session=');
    expect(await rowOf(ground.forgetful, late)).toBeUndefined();
  });

  it('cannot even be asked where the platform gives no token, and the log says that', async () => {
    const { platform } = ground;
    platform.refuse = (resource) => (resource === STORAGE ? 400 : null);
    const answer = await session(ground.forgetful, visitor);
    platform.refuse = () => null;
    const problem = expectProblem(answer, 503, 'storage_unavailable');
    expect(reasonOf(ground.forgetful, idIn(problem))).toBe('CredentialUnavailableError');
    expect((await session(ground.forgetful, visitor)).status).toBe(200);
  });
});

describe('an OP that does not take the token of the identity for the application', () => {
  it.each(REFUSED_BY_OP)(
    'because it is one %s, has nobody signed in: the page says that it is the application, and nothing is stored',
    async (_, flaw) => {
      const arrived = await arrive(ground.world, undefined, ground.forgetful);
      const answer = await withFlaw(ground, TOKEN_EXCHANGE, await flaw(), () =>
        callBack(arrived.browser, arrived.callback),
      );
      expectPage(answer, 502, NOT_ACCEPTED);
      expect(reasonOf(ground.forgetful, idOn(answer))).toBe('invalid_client');
      expect(answer.setCookies.join()).not.toContain('__Host-session=');
      expect(await rowOf(ground.forgetful, arrived)).toBeUndefined();
    },
  );

  it('refuses the refresh too, and the session stands until it takes one again', async () => {
    const visitor = await enter(ground.forgetful);
    await hourLater(ground.forgetful, visitor);
    const flaw = { claims: { sub: randomUUID() } };
    const answer = await withFlaw(ground, TOKEN_EXCHANGE, flaw, () => me(ground.forgetful, visitor));
    expect(reasonOf(ground.forgetful, idIn(expectProblem(answer, 502, 'op_refused')))).toBe('invalid_client');
    expect((await session(ground.forgetful, visitor)).status).toBe(200);
    expect((await me(ground.forgetful, visitor)).status).toBe(200);
  });

  it('cannot be asked where the platform gives no token', async () => {
    const { platform } = ground;
    const arrived = await arrive(ground.world, undefined, ground.forgetful);
    platform.refuse = (resource) => (resource === TOKEN_EXCHANGE ? 400 : null);
    const answer = await callBack(arrived.browser, arrived.callback);
    platform.refuse = () => null;
    expectPage(answer, 503, 'The sign-in service does not answer');
    expect(reasonOf(ground.forgetful, idOn(answer))).toBe('credential');
  });
});

describe('what the platform and the OP have given out', () => {
  it('is in no line of the log and in no row', async () => {
    const { world, around, platform, app, forgetful } = ground;
    const headers = [around.platform, platform].map(({ environment }) => environment.IDENTITY_HEADER);
    const said = [...app.host.lines, ...forgetful.host.lines, JSON.stringify(await storedRows(world))].join('\n');
    expect(world.op.issued.length).toBeGreaterThan(30);
    for (const secret of [...world.op.issued, ...headers]) expect(said).not.toContain(secret);
  });
});

describe('an application that has a certificate', () => {
  it('is not known before the OP is told of it', async () => {
    const { world } = ground;
    const arrived = await arrive(world);
    expectPage(await callBack(arrived.browser, arrived.callback), 502, NOT_ACCEPTED);
    expect(await rowOf(world.app, arrived)).toBeUndefined();
  });

  it('signs in, calls an API and refreshes, at an OP that speaks as Entra ID does', async () => {
    const { world } = ground;
    world.op.register({ ...registration(world.app), jwks: { keys: [jwk] } });
    const visitor = await enter(world.app);
    expect((await me(world.app, visitor)).status).toBe(200);
    await hourLater(world.app, visitor);
    const before = world.op.refreshCount;
    expect((await me(world.app, visitor)).status).toBe(200);
    expect(world.op.refreshCount).toBe(before + 1);
  });
});
