import fc from 'fast-check';
import { cacheProperty, createAccountCodec, leaseProperty, sessionProperty } from '../../../shared/account/account.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import type { Properties, Property } from '../../../shared/store/table.ts';
import { failedLease } from '../../../shared/tokens/lease.ts';
import { scriptedCache } from '../../support/scripted-token-client.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, BOB, createTestStore, type TestStore, withKeys } from '../../support/store.ts';
import { tamper } from '../../support/tamper.ts';
import { anyProperties, anyProperty, setCursor } from './arbitraries.ts';

const KINDS = { session: sessionProperty, cache: cacheProperty, lease: leaseProperty } as const;
type Kind = keyof typeof KINDS;
/** What becomes of one stored property. */
export type Fate =
  | { readonly fate: 'kept' | 'removed' | 'newer' | 'of-another-key' }
  | { readonly fate: 'any'; readonly property: Property }
  | { readonly fate: 'flipped'; readonly bit: number }
  | { readonly fate: 'cut'; readonly length: number }
  | { readonly fate: 'lengthened'; readonly by: Uint8Array }
  /** A value that was sealed for another place. */
  | { readonly fate: 'moved'; readonly kind: Kind; readonly from: 'alice-0' | 'alice-1' | 'bob' };

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ fate: 'kept' as const }) },
  fc.constantFrom({ fate: 'removed' as const }, { fate: 'newer' as const }, { fate: 'of-another-key' as const }),
  anyProperty.map((property) => ({ fate: 'any' as const, property })),
  fc.nat(2_000).map((bit) => ({ fate: 'flipped' as const, bit })),
  fc.nat(60).map((length) => ({ fate: 'cut' as const, length })),
  fc.uint8Array({ minLength: 1, maxLength: 20 }).map((by) => ({ fate: 'lengthened' as const, by })),
  fc.record({
    fate: fc.constant('moved' as const),
    kind: fc.constantFrom<Kind>('session', 'cache', 'lease'),
    from: fc.constantFrom('alice-0' as const, 'alice-1' as const, 'bob' as const),
  }),
);

/** Two sessions of one account, each property with its fate, and whatever else lies in the entity. */
export const anyScene = fc.record({
  fates: fc.tuple(
    fc.record({ session: fate, cache: fate, lease: fate }),
    fc.record({ session: fate, cache: fate, lease: fate }),
  ),
  extra: anyProperties('expiresOn', `s_${'0'.repeat(32)}`, `c_${'0'.repeat(32)}`, `l_${'0'.repeat(32)}`, 's_', 's_A'),
});
type SceneFates = typeof anyScene extends fc.Arbitrary<infer S> ? S : never;

export interface Scene {
  readonly store: TestStore;
  readonly tickets: readonly [SessionTicket, SessionTicket];
  /** Whether that session's record, or its tokens, stand as they were sealed for that place. */
  intact(session: 0 | 1, kind: Kind): boolean;
  /** Whether anything stands in the place of the session's record. */
  stands(session: 0 | 1): boolean;
  /** The names of Alice's properties now; null where her entity is gone. */
  left(): readonly string[] | null;
}

/** Sets the scene: real sign-ins, then the fates. */
export async function setScene({ fates, extra }: SceneFates): Promise<Scene> {
  const store = createTestStore();
  await setCursor(store);
  const enter = async (account = ALICE): Promise<SessionTicket> => {
    const ticket = await signIn(store, { account, cache: scriptedCache() });
    const released = createAccountCodec(store.keyring, account).sealLease(ticket.sessionId, failedLease(null, null));
    await tamper(store, account, (stored) => ({ ...stored, ...released }));
    return ticket;
  };
  const tickets = [await enter(), await enter()] as const;
  const bob = await enter(BOB);
  const rows = store.tables.rows('accounts');
  const propertiesOf = ({ account }: SessionTicket): Properties =>
    rows.find(({ partitionKey }) => partitionKey === account)?.properties ?? {};
  const sources = { 'alice-0': tickets[0], 'alice-1': tickets[1], bob };
  const valueAt = (ticket: SessionTicket, kind: Kind): Uint8Array =>
    propertiesOf(ticket)[KINDS[kind](ticket.sessionId)] as Uint8Array;

  const after: Record<string, Property> = { ...propertiesOf(tickets[0]), ...extra };
  for (const index of [0, 1] as const) {
    for (const kind of ['session', 'cache', 'lease'] as const) {
      const name = KINDS[kind](tickets[index].sessionId);
      const value = altered(valueAt(tickets[index], kind), fates[index][kind], (from, of) =>
        valueAt(sources[from], of),
      );
      if (value === undefined) delete after[name];
      else after[name] = value;
    }
  }
  await tamper(store, ALICE, () => after);
  const nameAt = (session: 0 | 1, kind: Kind): string => KINDS[kind](tickets[session].sessionId);
  return {
    store,
    tickets,
    intact: (session, kind) => {
      const [now, sealed] = [after[nameAt(session, kind)], valueAt(tickets[session], kind)];
      return now instanceof Uint8Array && Buffer.compare(now, sealed) === 0;
    },
    stands: (session) => nameAt(session, 'session') in after,
    left: () => accountProperties(store, ALICE),
  };
}

function altered(
  sealed: Uint8Array,
  fated: Fate,
  sealedFor: (from: 'alice-0' | 'alice-1' | 'bob', kind: Kind) => Uint8Array,
): Property | undefined {
  switch (fated.fate) {
    case 'kept':
      return sealed;
    case 'removed':
      return undefined;
    case 'any':
      return fated.property;
    case 'newer':
      return Uint8Array.from(sealed, (byte, at) => (at === 0 ? byte + 1 : byte));
    case 'of-another-key':
      return Uint8Array.from(sealed, (byte, at) => (at === 3 ? byte + 1 : byte));
    case 'flipped':
      return Uint8Array.from(sealed, (byte, at) =>
        at === (fated.bit >> 3) % sealed.length ? byte ^ (1 << (fated.bit & 7)) : byte,
      );
    case 'cut':
      return sealed.subarray(0, Math.min(fated.length, sealed.length - 1));
    case 'lengthened':
      return Uint8Array.from([...sealed, ...fated.by]);
    case 'moved':
      return sealedFor(fated.from, fated.kind);
  }
}

/** Another instance, with keys that opened nothing of what is stored. */
export const elsewhere = (store: TestStore): TestStore => withKeys(store, ['k9']);
