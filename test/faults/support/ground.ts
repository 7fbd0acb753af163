import type { Tables } from '../../../shared/store/table.ts';
import { type RunningApp, raiseWorld, type World } from '../../http/support/world.ts';
import { type StorageProxy, startStorageProxy } from './storage-proxy.ts';
import { openStorage } from './stored-account.ts';

/** The world with a proxy between its applications and their storage. */
export interface Ground {
  readonly world: World;
  readonly proxy: StorageProxy;
  /** Storage past the proxy. */
  readonly storage: Tables;
  /** Reaches storage by the proxy. */
  readonly app: RunningApp;
  /** The same without a queue for what storage interrupts. */
  readonly queueless: RunningApp;
  /** Every application behind the proxy that was started so far. */
  readonly apps: readonly RunningApp[];
  /** Starts one more. */
  startApp(changes?: Readonly<Record<string, string | undefined>>): Promise<RunningApp>;
  /** Has something of a test's own taken down with it. */
  atEnd(close: () => Promise<unknown>): void;
  stop(): Promise<void>;
}

export async function raiseGround(...world: Parameters<typeof raiseWorld>): Promise<Ground> {
  return over(await raiseWorld(...world));
}

async function over(world: World): Promise<Ground> {
  const proxy = await startStorageProxy(world.azurite.tablesConnectionString);
  const apps: RunningApp[] = [];
  const startApp: Ground['startApp'] = async (changes = {}) => {
    const app = await world.startApp({ TABLES_CONNECTION_STRING: proxy.connectionString, ...changes });
    apps.push(app);
    return app;
  };
  const closes: (() => Promise<unknown>)[] = [() => proxy.close()];
  const stop = async (): Promise<void> => {
    await world.stop();
    await Promise.all(closes.map((close) => close()));
  };
  const [app, queueless] = [await startApp(), await startApp({ AzureWebJobsStorage: undefined })];
  return {
    world,
    proxy,
    storage: openStorage(world),
    app,
    queueless,
    apps,
    startApp,
    atEnd: (close) => void closes.push(close),
    stop,
  };
}
