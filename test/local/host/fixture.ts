import { fileURLToPath } from 'node:url';
import { type SpawnedHost, spawnHost } from '../../../local/host/spawn.ts';

/** The folder of a small function app. */
export const fixtureRoot = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** Starts the host on a fixture. */
export function startFixture(name: string, environment: Record<string, string> = {}): Promise<SpawnedHost> {
  return spawnHost({ environment, appRoot: fixtureRoot(name) });
}
