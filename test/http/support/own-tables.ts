import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { type Azurite, startAzurite } from '../../../local/azurite.ts';
import { freePort } from '../../../local/free-port.ts';
import { RAISE_MILLISECONDS } from './world.ts';

/** Tables in a storage account of their own, apart from the queues: a test stops them, and starts them with all they held. */
export interface OwnTables {
  /** Another one after each start, at the same place; to be read inside tests, like the settings. */
  readonly azurite: Azurite;
  /** What has an application use them. */
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts them before the tests of a file. Ends them after those, when a world that was asked for earlier has ended. */
export function ownTables(): OwnTables {
  let folder: string;
  let tablePort: number;
  let azurite: Azurite;
  const start = async (): Promise<void> => {
    azurite = await startAzurite({ folder, tablePort });
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'exeunt-test-'));
    tablePort = await freePort();
    await start();
  }, RAISE_MILLISECONDS);
  afterAll(async () => {
    await azurite.stop();
    await rm(folder, { recursive: true });
  });
  return {
    get azurite() {
      return azurite;
    },
    get settings() {
      return { TABLES_CONNECTION_STRING: azurite.tablesConnectionString };
    },
    stop: () => azurite.stop(),
    start,
  };
}
