import { createGraph, type LocalGraph } from '../../../local/graph/graph.ts';
import type { User } from '../../../local/op/op.ts';
import { duringTests } from './ground.ts';
import { type Answer, send } from './wire.ts';
import { type RunningApp, raiseWorld, type World } from './world.ts';

/** A directory behind an OP. */
export interface WithDirectory {
  readonly graph: LocalGraph;
  readonly tenant: string;
  /** The settings that open the door. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Starts one, of these people. */
export async function directoryFor({ op }: Pick<World, 'op'>, people: readonly User[] = []): Promise<WithDirectory> {
  const path = new URL(op.issuer).pathname.replace(/\/v2\.0$/, '');
  const tenant = path.slice(1);
  const jwksUrl = `http://127.0.0.1:${new URL(op.metadataUrl).port}${path}/discovery/v2.0/keys`;
  const graph = createGraph({ jwksUrl, issuer: op.issuer, tenantId: tenant, people });
  await graph.listen(0);
  return { graph, tenant, settings: { DIRECTORY_TENANT: tenant, DIRECTORY_GRAPH_URL: graph.url } };
}

/** A world with a directory behind it: whoever signs in is one of its users. */
export interface DirectoryWorld extends World, WithDirectory {
  /** A guest: here they have another object id than the one that their account is named by. */
  newGuest(home: NonNullable<User['home']>): User;
  /** Starts an application with that door, which has its subscription when this resolves. */
  startSubscribed(changes?: Readonly<Record<string, string>>): Promise<RunningApp>;
}

async function raiseDirectory(): Promise<DirectoryWorld> {
  const world = await raiseWorld();
  const people: User[] = [];
  const directory = await directoryFor(world, people);
  const join = (user: User): User => {
    people.push(user);
    return user;
  };
  return {
    ...world,
    ...directory,
    newPerson: () => join(world.newPerson()),
    newGuest: (home) => join(Object.assign(world.newPerson(), { home })),
    async startSubscribed(changes = {}) {
      const app = await world.startApp({ ...directory.settings, ...changes });
      await app.host.line(/"directory.subscribed"/);
      return app;
    },
    async stop() {
      await world.stop();
      await directory.graph.close();
    },
  };
}

/** Such a world during the tests of a file. */
export const directoryWorld = (): DirectoryWorld => duringTests(raiseDirectory, (world) => world.stop());

/** The same, with an application that has its subscription. */
export function directoryGround(): { readonly world: DirectoryWorld; readonly app: RunningApp } {
  const world = directoryWorld();
  return { world, app: duringTests(() => world.startSubscribed()) };
}

/** The receipt of the next sign-out that comes through this door. */
export async function nextEnding({ host }: Pick<RunningApp, 'host'>): Promise<Record<string, unknown>> {
  return JSON.parse(await host.next(/^\{"event":"signout.completed","door":"directory"/)) as Record<string, unknown>;
}

/** A change notification as Graph would send it to an application; `changes` are made to it. */
export function notificationOf(
  { graph, tenant }: WithDirectory,
  { clientId }: Pick<RunningApp, 'clientId'>,
  oid: string,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const [kept] = graph.subscriptionsOf(clientId);
  if (kept === undefined) throw new Error('the application has no subscription');
  return {
    subscriptionId: kept.id,
    subscriptionExpirationDateTime: kept.expirationDateTime,
    clientState: kept.clientState,
    tenantId: tenant,
    changeType: 'updated',
    resource: `Users/${oid}`,
    resourceData: { '@odata.type': '#Microsoft.Graph.User', '@odata.id': `Users/${oid}`, id: oid },
    ...changes,
  };
}

/** Posts to the door whatever a test likes. */
export function post(
  { origin }: Pick<RunningApp, 'origin'>,
  body: unknown,
  contentType = 'application/json',
): Promise<Answer> {
  const headers = { 'content-type': contentType };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send(`${origin}/events/graph`, { method: 'POST', body: text, headers });
}
