import { randomBytes, randomUUID } from 'node:crypto';
import { type Api, createApi } from '../../../local/api/api.ts';
import { type Azurite, startAzurite } from '../../../local/azurite.ts';
import { freePort } from '../../../local/free-port.ts';
import { type SpawnedHost, spawnHost } from '../../../local/host/spawn.ts';
import { createOp, type Op, type OpOptions, type User } from '../../../local/op/op.ts';
import {
  API_AUDIENCE,
  MAIL_AUDIENCE,
  registration,
  type StagedApplication,
  settingsOf,
  stageApplication,
} from '../../../local/stage/applications.ts';
import { type ScriptedApi, startScriptedApi } from './scripted-api.ts';

/** For `beforeAll`: starting Azurite and a host takes 2 s alone, more beside other work. */
export const RAISE_MILLISECONDS = 60_000;
export const FIRST_KID = 'local';
/** A host's own timer sweeps every ten minutes, whatever a test is at: here whoever wants a sweep makes one. */
const NO_TIMED_SWEEP = { 'AzureWebJobs.sweep.Disabled': 'true' };

/** An application in a host process of its own. */
export interface RunningApp extends StagedApplication {
  readonly host: SpawnedHost;
  readonly environment: Readonly<Record<string, string>>;
}

/** The stage's parts, with as many people and applications as tests want: each test then has its own and none waits. */
export interface World {
  readonly app: RunningApp;
  readonly op: Op;
  readonly azurite: Azurite;
  /** Behind `/api/graph`: validates its tokens. */
  readonly api: Api;
  /** Behind `/api/odd`: answers as it is told. */
  readonly odd: ScriptedApi;
  readonly sessionKeys: string;
  /** Somebody who has never signed in. */
  newPerson(): User;
  /** One more application, registered at the OP, with changed settings; an undefined one is taken away. */
  startApp(changes?: Readonly<Record<string, string | undefined>>): Promise<RunningApp>;
  /** One more instance of a running application, on a port of its own: for what an instance may differ in, such as its keys. */
  startInstance(app: RunningApp, changes?: Readonly<Record<string, string | undefined>>): Promise<SpawnedHost>;
  stop(): Promise<void>;
}

/** Brings up Azurite, the local OP, two APIs and one application, all on free ports. */
export async function raiseWorld(
  changes: Readonly<Record<string, string | undefined>> = {},
  opOptions: Omit<OpOptions, 'users' | 'applications'> = {},
): Promise<World> {
  const azurite = await startAzurite();
  const stops: (() => Promise<unknown>)[] = [() => azurite.stop()];
  const stop = async (): Promise<void> => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  try {
    const people: User[] = [];
    const op = await createOp({ ...opOptions, users: people });
    const { port: opPort } = await op.listen(0);
    stops.push(() => op.close());
    const keysPath = `${new URL(op.issuer).pathname.replace(/\/v2\.0$/, '')}/discovery/v2.0/keys`;
    const jwksUrl = `http://127.0.0.1:${opPort}${keysPath}`;
    const api = createApi({ jwksUrl, issuer: op.issuer, audience: API_AUDIENCE, mailAudience: MAIL_AUDIENCE });
    const { port: apiPort } = await api.listen(0);
    stops.push(() => api.close());
    const odd = await startScriptedApi();
    stops.push(() => odd.close());
    const sessionKeys = `${FIRST_KID}:${randomBytes(32).toString('base64')}`;

    const startApp: World['startApp'] = async (more = {}) => {
      const staged = { ...stageApplication('Contoso', await freePort()), clientId: randomUUID() };
      op.register(registration(staged));
      const base = settingsOf(staged, op, azurite, `http://127.0.0.1:${apiPort}`, sessionKeys);
      const apis = { ...JSON.parse(base.DOWNSTREAM_APIS ?? '{}'), odd: odd.setting };
      const environment = withChanges(
        { ...base, ...NO_TIMED_SWEEP, DOWNSTREAM_APIS: JSON.stringify(apis) },
        { ...changes, ...more },
      );
      const host = await spawnHost({ port: staged.port, environment });
      stops.push(() => host.stop());
      return { ...staged, host, environment };
    };
    const startInstance: World['startInstance'] = async (app, more = {}) => {
      const host = await spawnHost({ environment: withChanges(app.environment, more) });
      stops.push(() => host.stop());
      return host;
    };
    const newPerson = (): User => {
      const oid = randomUUID();
      const person = { oid, name: `Person ${oid.slice(0, 4)}`, upn: `${oid.slice(0, 8)}@contoso.example` };
      people.push(person);
      return person;
    };
    const app = await startApp();
    return { app, op, azurite, api, odd, sessionKeys, newPerson, startApp, startInstance, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function withChanges(
  environment: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const changed = Object.entries({ ...environment, ...changes });
  return Object.fromEntries(changed.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
