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
  /** One more application behind the proxy. */
  startApp(changes?: Readonly<Record<string, string | undefined>>): Promise<RunningApp>;
  /** Has something of a test's own taken down with it. */
  atEnd(close: () => Promise<unknown>): void;
  stop(): Promise<void>;
}

export async function raiseGround(): Promise<Ground> {
  const world = await raiseWorld();
  const proxy = await startStorageProxy(world.azurite.tablesConnectionString);
  const startApp: Ground['startApp'] = (changes = {}) =>
    world.startApp({ TABLES_CONNECTION_STRING: proxy.connectionString, ...changes });
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
    startApp,
    atEnd: (close) => void closes.push(close),
    stop,
  };
}
