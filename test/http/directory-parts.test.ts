import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../local/free-port.ts';
import { type SpawnedHost, spawnHost } from '../../local/host/spawn.ts';
import { type IdentityEndpoint, startIdentityEndpoint } from '../../local/identity/identity-endpoint.ts';
import { type ByTls, byTls } from './support/by-tls.ts';
import { directoryWorld, nextEnding } from './support/directory.ts';
import { bringIn } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';
import { send } from './support/wire.ts';
import { RAISE_MILLISECONDS, type RunningApp } from './support/world.ts';

const world = directoryWorld();
let web: RunningApp;
/** Assigned to that one alone, and it alone may read users. */
const identity = { clientId: randomUUID(), principalId: randomUUID() };
let platform: IdentityEndpoint;
/** Nobody sends an identity's token anywhere but by TLS. */
let graph: ByTls;
/** A function app of its own, with an origin of its own, over the same tables. */
let part: { readonly origin: string; readonly host: SpawnedHost };
beforeAll(async () => {
  web = await world.startApp({ ...world.settings, APPLICATION_PART: 'web' });
  const port = await freePort();
  const origin = `http://directory.localhost:${port}`;
  graph = await byTls(Number(new URL(world.graph.url).port));
  platform = await startPlatform();
  const environment = {
    ...web.environment,
    ...platform.environment,
    ...graph.environment,
    APPLICATION_PART: 'directory',
    PUBLIC_ORIGIN: origin,
    DIRECTORY_GRAPH_URL: world.graph.url.replace(new URL(world.graph.url).origin, graph.origin),
    DIRECTORY_MANAGED_IDENTITY_CLIENT_ID: identity.clientId,
  };
  part = { origin, host: await spawnHost({ port, environment }) };
  await part.host.line(/"directory.subscribed"/);
}, RAISE_MILLISECONDS);
afterAll(async () => {
  await part.host.stop();
  await Promise.all([platform.close(), graph.close()]);
});

/** Gives tokens for Graph, which knows the OP's own issuer, and itself by the address behind TLS. */
function startPlatform(): Promise<IdentityEndpoint> {
  const aud = new URL(world.graph.url).origin;
  const claims = { aud, iss: world.op.issuer, azp: identity.clientId, roles: ['User.Read.All'] };
  return startIdentityEndpoint(
    [identity],
    (principal, resource, expiresAt) => world.op.identityToken(principal, { resource, expiresAt, claims }),
    [graph.origin],
  );
}

const functionsOf = ({ lines }: SpawnedHost): string[] =>
  lines.flatMap((line) => /^host: {3}.* -> (.*)$/.exec(line)?.[1] ?? []).toSorted();
const doorsOf = async ({ origin }: { readonly origin: string }) => (await send(`${origin}/health/ready`)).json().doors;

describe('an application in two parts', () => {
  it('has all but the directory in the one, and that door alone in the other', async () => {
    expect(functionsOf(part.host)).toEqual([
      'directory-events',
      'directory-subscription',
      'graph-notifications',
      'health',
      'ready',
      'signout-retry',
    ]);
    expect(await doorsOf(part)).toEqual(['directory']);
    expect(functionsOf(web.host)).toEqual(expect.arrayContaining(['callback', 'sweep', 'signout', 'signout-retry']));
    expect(functionsOf(web.host).filter((name) => /directory|graph/.test(name))).toEqual([]);
    expect(await doorsOf(web)).not.toContain('directory');
  });

  it('answers at the one what the other is asked: not at all', async () => {
    expect((await send(`${web.origin}/events/graph?validationToken=a`, { method: 'POST' })).status).toBe(404);
    for (const path of ['/auth/signin', '/auth/session', '/auth/signout-callback?sid=a', '/assets/page.css']) {
      expect((await send(`${part.origin}${path}`)).status).toBe(404);
    }
  });

  it('ends by the one what was signed in at the other', async () => {
    expect(world.graph.subscriptionsOf(identity.clientId).map(({ notificationUrl }) => notificationUrl)).toEqual([
      `${part.origin}/events/graph`,
    ]);
    const { browser, person } = await bringIn(world, world.newPerson(), web);
    const receipt = nextEnding(part);
    await world.graph.act(person.oid, 'disable');
    expect(await receipt).toMatchObject({ door: 'directory', sessions: 1, tokenCaches: 1 });
    expect((await browser.fetch(`${web.origin}/auth/session`)).status).toBe(401);
    expect(await accountRow(world, person, web)).toBeUndefined();
  });

  it('asks Graph as the identity that alone may read users, by one token, and never as the application', () => {
    const [asked, ...more] = platform.requests;
    expect(asked).toEqual({ resource: graph.origin, clientId: identity.clientId, status: 200 });
    expect(more).toEqual([]);
    expect(world.graph.subscriptionsOf(web.clientId)).toEqual([]);
  });

  it('has asked Graph for nothing at the part that people reach', () => {
    expect(web.host.lines.join('\n')).not.toContain('directory.');
  });
});
