import type { AccountStore } from '../../shared/account/account-store.ts';
import { createReplacedHere } from '../../shared/account/replaced-here.ts';
import type { SessionTicket } from '../../shared/session/ticket.ts';
import { shareOut } from '../../shared/store/places.ts';
import { createMemoryTables, type MemoryTables } from '../memory-table/memory-table.ts';
import { createTestAmbient, type TestAmbient } from './ambient.ts';
import { testKeyring } from './keyring.ts';
import { type SigninCase, signIn } from './signins.ts';
import type { TestStore } from './store.ts';

/** An application that moves everything it stores from one storage account to another. */
export interface MovingApplication {
  readonly ambient: TestAmbient;
  readonly tables: Readonly<Record<'old' | 'new', MemoryTables>>;
  /** Instances that write by the old list and by the new one; both know both. */
  readonly about: AccountStore;
  readonly moving: AccountStore;
  /** One that knows nothing of the move yet, and one for which it is over: each knows one place alone. */
  readonly before: AccountStore;
  readonly moved: AccountStore;
}

export function movingApplication(): MovingApplication {
  const ambient = createTestAmbient();
  const tables = { old: createMemoryTables(ambient), new: createMemoryTables(ambient) };
  const [before, after] = [
    { name: 'old', tables: tables.old },
    { name: 'new', tables: tables.new },
  ] as const;
  const over = (storage: Pick<AccountStore, 'tables' | 'places'>): AccountStore => ({
    ...storage,
    keyring: testKeyring(['k1'], ambient),
    ambient,
    replacedHere: createReplacedHere(),
  });
  return {
    ambient,
    tables,
    about: over(shareOut({ written: [before], moving: [after] })),
    moving: over(shareOut({ written: [after], moving: [before] })),
    before: over({ tables: tables.old }),
    moved: over({ tables: tables.new }),
  };
}

/** Signs in by one of its instances. */
export const signInBy = (store: AccountStore, signin?: SigninCase): Promise<SessionTicket> =>
  signIn(store as TestStore, signin);
