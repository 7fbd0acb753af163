import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { type ServedMetadata, serveMetadata } from './metadata.ts';
import { startProcess } from './process.ts';
import { environmentOf, type Registration, register, settingsOf } from './registration.ts';
import { type SeededUser, seeder } from './seed.ts';
import { STAGE_FILE, UPSTREAM_ORIGIN } from './stage-file.ts';
import { makeUser } from './users.ts';

/** People who have tokens for so many resources, and are signed in on so many devices. */
export interface Crowd {
  readonly people: number;
  readonly resources: number;
  readonly devices: number;
}

export interface StagedUser extends SeededUser {
  readonly devices: number;
}

/** All that subjects share: storage, upstream, people with their sessions. */
export interface Stage {
  readonly users: readonly StagedUser[];
  readonly tablesConnectionString: string;
  /** What any subject sees. */
  readonly environment: Readonly<Record<string, string>>;
  /** Exeunt's settings, for an instance that listens there. */
  exeuntEnvironment(port: number): Record<string, string>;
  stop(): Promise<void>;
}

/** Brings it up on loopback. */
export async function raiseStage(crowds: readonly Crowd[]): Promise<Stage> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), 'exeunt-bench-'));
    stops.push(() => rm(folder, { recursive: true, force: true }));
    const azurite = await startAzurite();
    stops.push(() => azurite.stop());
    const registration = register();
    const op = await serveMetadata(registration.authority);
    stops.push(() => op.close());

    const file = join(folder, 'stage.json');
    const users = await signInAll(crowds, registration, azurite, op, file);
    const tablesConnectionString = azurite.tablesConnectionString;
    const environment = {
      TABLES_CONNECTION_STRING: tablesConnectionString,
      [STAGE_FILE]: file,
      NODE_ENV: 'production',
    };
    const run = [fileURLToPath(new URL('upstream.ts', import.meta.url))];
    const upstream = await startProcess({ run, environment });
    stops.push(() => upstream.stop());
    const upstreamOrigin = upstream.origin;
    return {
      users,
      tablesConnectionString,
      environment: { ...environment, [UPSTREAM_ORIGIN]: upstreamOrigin },
      exeuntEnvironment: (port) => environmentOf(registration, azurite, op.metadataUrl, { port, upstreamOrigin }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Signs everybody in to every subject, and writes down what the other processes have to know of it. */
async function signInAll(
  crowds: readonly Crowd[],
  registration: Registration,
  azurite: Azurite,
  { metadata, metadataUrl }: ServedMetadata,
  file: string,
): Promise<StagedUser[]> {
  const anywhere = { port: 7071, upstreamOrigin: 'http://127.0.0.1' };
  const settings = settingsOf(environmentOf(registration, azurite, metadataUrl, anywhere));
  const [cookieKey, cookieSecret] = [randomBytes(32), randomBytes(24).toString('base64url')];
  const { tablesConnectionString } = azurite;
  const signIn = await seeder({ settings, metadata, tablesConnectionString, cookieKey, cookieSecret });
  const users: StagedUser[] = [];
  for (const { people, resources, devices } of crowds) {
    for (let person = 0; person < people; person += 1) {
      const user = await makeUser(settings.op, metadata, `r${resources}d${devices}p${person}`, resources);
      for (let device = 1; device < devices; device += 1) await signIn(user);
      users.push({ ...(await signIn(user)), devices });
    }
  }
  const { authority, clientId, clientSecret } = registration;
  const staged = {
    op: { authority, clientId, clientSecret, metadata },
    cookieKey: cookieKey.toString('base64'),
    cookieSecret,
    users: users.map(({ id, sessionId, accessToken }) => ({ id, sessionId, accessToken })),
  };
  await writeFile(file, JSON.stringify(staged));
  return users;
}
