import { fileURLToPath } from 'node:url';
import { type SpawnedHost, spawnHost } from '../../../local/host/spawn.ts';

/** The folder of a small function app. */
export const fixtureRoot = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

export interface WatchedHost extends SpawnedHost {
  /** Resolves with the first line, already printed or still to come, that the pattern takes. */
  line(pattern: RegExp): Promise<string>;
}

/** Starts the host on a fixture, and lets a test await what it prints. */
export async function startFixture(name: string, environment: Record<string, string> = {}): Promise<WatchedHost> {
  const lines: string[] = [];
  const waiting: { pattern: RegExp; resolve: (line: string) => void }[] = [];
  const onLine = (line: string) => {
    lines.push(line);
    for (const { pattern, resolve } of waiting) if (pattern.test(line)) resolve(line);
  };
  const host = await spawnHost({ environment, appRoot: fixtureRoot(name), onLine });
  return {
    ...host,
    line(pattern) {
      const seen = lines.find((line) => pattern.test(line));
      if (seen !== undefined) return Promise.resolve(seen);
      return new Promise((resolve) => waiting.push({ pattern, resolve }));
    },
  };
}
