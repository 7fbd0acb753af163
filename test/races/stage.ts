import type { AccountKey } from '../../shared/account/account-key.ts';
import type { IndexKey } from '../../shared/account/index-key.ts';
import { createReplacedHere } from '../../shared/account/replaced-here.ts';
import { writeTombstone } from '../../shared/account/tombstone.ts';
import type { SessionTicket } from '../../shared/session/ticket.ts';
import { expiryBucket } from '../../shared/store/expiry-buckets.ts';
import type { Entity, Tables } from '../../shared/store/table.ts';
import { sweep } from '../../shared/sweep/sweep.ts';
import { createMemoryTables } from '../memory-table/memory-table.ts';
import { createTestAmbient, TEST_EPOCH } from '../support/ambient.ts';
import { HOUR, MINUTE } from '../support/records.ts';
import { signIn } from '../support/signins.ts';
import { type TestStore, target } from '../support/store.ts';
import { raceCache, subjectOf } from './race-op.ts';
import { Seals } from './seals.ts';
import type { Known } from './told.ts';

/** When the race begins: what stood before is due for renewal. */
export const RACE_EPOCH = TEST_EPOCH + 10 * MINUTE;
const SESSION_LIFE = 8 * HOUR;

/** A session that stands when the race begins. */
export interface Standing {
  readonly account: AccountKey;
  readonly sid: string | null;
  /** When its attempt set out, milliseconds after {@link TEST_EPOCH}. */
  readonly startedAfter: number;
}

/** What stands before a race, made once by the real code and then laid out for each order. */
export interface Stage {
  readonly rows: Readonly<Record<keyof Tables, readonly Entity[]>>;
  readonly tickets: readonly SessionTicket[];
  readonly known: readonly Known[];
  readonly seals: Seals;
}

/** Whose tokens a session's cache holds. */
export const familyAt = (place: number): string => `session ${place}`;

/** What a sign-out finds a session by. */
const namesAt = (account: AccountKey, sid: string | null): IndexKey[] => [
  ...(sid === null ? [] : [target('sid', sid)]),
  target('sub', subjectAt(account)),
];

/** Whom the OP means by its `sub`, of an account in the form that a key has. */
export const subjectAt = (account: AccountKey): string => subjectOf(account.split('~')[0] ?? '');

export function knownOf({ sessionId, account }: SessionTicket, { sid, startedAfter }: Standing): Known {
  const startedAt = TEST_EPOCH + startedAfter;
  return { id: sessionId, account, sid, began: startedAt - RACE_EPOCH, startedAt, endsAt: startedAt + SESSION_LIFE };
}

/** @param sweeps whether a sweep takes part: then there is what is due, and notes of what has become young again */
export async function setStage(standing: readonly Standing[], sweeps: boolean): Promise<Stage> {
  const ambient = createTestAmbient();
  const tables = createMemoryTables(ambient);
  const seals = new Seals();
  const store: TestStore = { tables, keyring: seals.keyringOf('stage'), ambient, replacedHere: createReplacedHere() };
  const tickets: SessionTicket[] = [];
  for (const [place, { account, sid, startedAfter }] of standing.entries()) {
    ambient.setWallClock(TEST_EPOCH + startedAfter);
    tickets.push(
      await signIn(store, { account, sid, indexes: namesAt(account, sid), cache: raceCache(familyAt(place)) }),
    );
  }
  if (sweeps) {
    await layOutDue(store);
    await noteEarly(store);
  }
  const rows = { accounts: tables.rows('accounts'), sids: tables.rows('sids'), expiries: tables.rows('expiries') };
  const known = standing.map((each, place) => knownOf(tickets[place] as SessionTicket, each));
  return { rows, tickets, known, seals };
}

/**
 * The sweep has run before, two hours ago; since then two tombstones fell due, of which one has moved forward. (A sweep
 * that never ran looks through five weeks of empty buckets.)
 */
async function layOutDue(store: TestStore): Promise<void> {
  store.ambient.setWallClock(TEST_EPOCH - 2.5 * HOUR);
  for (const sid of ['sid-1', 'sid-2']) await writeTombstone(store, target('sid', sid), store.ambient.now());
  store.ambient.setWallClock(TEST_EPOCH - 2 * HOUR);
  await sweep(store);
  await writeTombstone(store, target('sid', 'sid-2'), TEST_EPOCH - MINUTE);
}

/** Each session is noted a second time, in an hour that has settled, as if the note had been made for an earlier end. */
async function noteEarly({ tables }: TestStore): Promise<void> {
  const settled = expiryBucket(TEST_EPOCH - 2 * HOUR);
  for (const { rowKey, properties } of tables.rows('expiries')) {
    if (rowKey.startsWith('session~')) await tables.expiries.create({ partitionKey: settled, rowKey }, properties);
  }
}
