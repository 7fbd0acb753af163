import type { AccountKey } from '../../shared/account/account-key.ts';
import type { IndexKey } from '../../shared/account/index-key.ts';
import type { Application } from '../../shared/application/application.ts';
import type { SessionTicket } from '../../shared/session/ticket.ts';
import type { Entity, Tables } from '../../shared/store/table.ts';
import type { AccessToken } from '../../shared/tokens/token-client.ts';
import type { TokenMemory } from '../../shared/tokens/token-memory.ts';
import { createMemoryTables, type MemoryTables } from '../memory-table/memory-table.ts';
import { createTestAmbient, TEST_EPOCH } from '../support/ambient.ts';
import { testApplication } from '../support/application.ts';
import { testKeyring } from '../support/keyring.ts';
import { HOUR, MINUTE } from '../support/records.ts';
import { signIn } from '../support/signins.ts';
import { ALICE, BOB, target } from '../support/store.ts';
import { createClock, instanceAmbient } from './clock.ts';
import { gatedTables } from './gated-tables.ts';
import { OpState, type Person, raceCache, raceOp } from './race-op.ts';
import { type Mishaps, Turnstile } from './turnstile.ts';
import { type Conduct, type Known, type Life, type Told, Violation, Witness } from './witness.ts';

/** When the race begins: what stood before is due for renewal. */
export const RACE_EPOCH = TEST_EPOCH + 10 * MINUTE;

/** One sign-in, access, renewal or sign-out: the real code, and what it may touch and must keep. */
export interface Operation extends Conduct {
  /** The partitions of `accounts` and `sids` that it may name (G6). */
  readonly partitions: readonly (AccountKey | IndexKey)[];
  readonly person?: Person;
  run(instance: Instance): Promise<Told>;
}

/** Where an operation runs: each has an instance of its own, with its own clock and memory. */
export interface Instance {
  readonly application: Application;
  readonly life: Life;
}

/** A session that stands when the race begins. */
export interface Standing {
  readonly account: AccountKey;
  readonly sid: string | null;
  /** When its attempt set out, milliseconds after {@link TEST_EPOCH}. */
  readonly startedAfter: number;
}

export interface Scenario {
  readonly name: string;
  readonly standing: readonly Standing[];
  /** What goes on at once. */
  readonly operations: (tickets: readonly SessionTicket[]) => readonly Operation[];
  /** Time that passes at any moment, milliseconds each. */
  readonly passing?: readonly number[];
  readonly mishaps?: Mishaps;
  /** How far the clock of the operation at each place is ahead. */
  readonly skews?: readonly number[];
  /** Put between an operation and storage, by a test of the explorer itself. */
  readonly spoil?: (tables: Tables, operation: Operation) => Tables;
  /** The same, below the yield point: what one call does to storage. */
  readonly spoilStorage?: (tables: Tables, operation: Operation) => Tables;
}

/** What stands before a race, made once by the real sign-in and then laid out for each order. */
export interface Stage {
  readonly rows: Readonly<Record<keyof Tables, readonly Entity[]>>;
  readonly tickets: readonly SessionTicket[];
  readonly known: readonly Known[];
}

const keyring = testKeyring();
const { application: base } = testApplication();
const NAMES = new Map<string, string>([
  [ALICE, 'alice'],
  [BOB, 'bob'],
  ...['sid-1', 'sid-2', 'sid-3'].map((sid): [string, string] => [target('sid', sid), sid]),
  [target('account', ALICE), 'alice as a target'],
  [target('account', BOB), 'bob as a target'],
]);

export async function setStage({ standing }: Scenario): Promise<Stage> {
  const ambient = createTestAmbient();
  const tables = createMemoryTables(ambient);
  const tickets: SessionTicket[] = [];
  const known: Known[] = [];
  for (const [place, { account, sid, startedAfter }] of standing.entries()) {
    const startedAt = TEST_EPOCH + startedAfter;
    ambient.setWallClock(startedAt);
    const ticket = await signIn({ tables, keyring, ambient }, { account, sid, cache: raceCache(`session ${place}`) });
    tickets.push(ticket);
    const began = startedAt - RACE_EPOCH;
    known.push({ id: ticket.sessionId, account, sid, began, startedAt, endsAt: startedAt + 8 * HOUR });
  }
  const rows = { accounts: tables.rows('accounts'), sids: tables.rows('sids'), expiries: tables.rows('expiries') };
  return { rows, tickets, known };
}

/** An instance's memory without the room that the real one sets aside for 20,000 tokens, which takes longer than a race. */
function smallMemory(): TokenMemory {
  const tokens = new Map<string, AccessToken>();
  const key = (sessionId: string, scopes: readonly string[]) => [sessionId, ...scopes].join(' ');
  return {
    get: (sessionId, scopes) => tokens.get(key(sessionId, scopes)),
    set: (sessionId, scopes, token) => void tokens.set(key(sessionId, scopes), token),
    drop: (sessionId, scopes) => void tokens.delete(key(sessionId, scopes)),
  };
}

/** One race, from its beginning; the scheduler moves it on by the turnstile. */
export class World {
  readonly turnstile: Turnstile;
  readonly #operations: readonly Operation[];
  readonly #scenario: Scenario;
  readonly #clock = createClock();
  readonly #tables: MemoryTables = createMemoryTables({ now: () => RACE_EPOCH });
  readonly #op = new OpState();
  readonly #witness: Witness;
  #fault: unknown;

  constructor(scenario: Scenario, stage: Stage) {
    this.#scenario = scenario;
    this.#operations = scenario.operations(stage.tickets);
    this.turnstile = new Turnstile(this.#clock, scenario.mishaps ?? { faults: 0, crashes: 0 });
    this.#witness = new Witness(this.#tables, keyring);
  }

  /** Lays out what stands, and has every operation wait for its beginning. */
  async begin({ rows, known }: Stage): Promise<void> {
    for (const table of ['accounts', 'sids', 'expiries'] as const) {
      for (const { partitionKey, rowKey, properties } of rows[table]) {
        await this.#tables[table].create({ partitionKey, rowKey }, properties);
      }
    }
    this.#witness.introduce(known);
    for (const [place, operation] of this.#operations.entries()) {
      this.#live(operation, this.#scenario.skews?.[place] ?? 0).catch((fault: unknown) => {
        this.#fault ??= fault;
      });
    }
    for (const [place, milliseconds] of (this.#scenario.passing ?? []).entries()) {
      void this.turnstile.pass(`time ${place + 1}`, `${milliseconds} ms pass`, { clock: true }).then(() => {
        this.#clock.reach(this.#clock.elapsed() + milliseconds);
      });
    }
  }

  /** @throws what an operation threw, or a {@link Violation} */
  check(actor: string, wroteAccount: boolean): void {
    if (this.#fault !== undefined) throw this.#fault;
    const operation = this.#operations.find(({ name }) => name === actor);
    if (wroteAccount && operation) this.#witness.look(operation);
    const undisturbed = !this.#scenario.mishaps && !this.#scenario.passing;
    if (undisturbed && this.#op.reused.length > 0) throw new Violation('a refresh token was redeemed by two at once');
  }

  async #live(operation: Operation, skew: number): Promise<void> {
    const { name } = operation;
    const application = this.#instance(operation, skew);
    await this.turnstile.pass(name, 'sets out', { observes: true });
    const life = this.#witness.setOut(operation, application.store.ambient.now());
    const told = await operation.run({ application, life });
    await this.turnstile.pass(name, `is told “${told.says}”`, { observes: true });
    this.#witness.answered(operation, told);
  }

  #instance(operation: Operation, skew: number): Application {
    const { name } = operation;
    const { turnstile } = this;
    const ambient = instanceAmbient(this.#clock, name, RACE_EPOCH, skew, (milliseconds) =>
      turnstile.sleep(name, milliseconds),
    );
    const { spoil, spoilStorage } = this.#scenario;
    const stored = spoilStorage?.(this.#tables, operation) ?? this.#tables;
    const gated = gatedTables(
      turnstile,
      name,
      stored,
      (key) => NAMES.get(key) ?? key.slice(0, 18),
      (table, partitionKey) => this.#checkTouch(operation, table, partitionKey),
    );
    const op = raceOp(this.#op, turnstile, name, ambient, operation.person ?? { homeAccountId: '', sid: null });
    const store = { tables: spoil?.(gated, operation) ?? gated, keyring, ambient };
    return { ...base, store, op: { get: async () => op }, memory: smallMemory() };
  }

  /** G6: no operation names another account's partition. */
  #checkTouch({ name, partitions }: Operation, table: keyof Tables, partitionKey: string): void {
    if (table === 'expiries' || (partitions as readonly string[]).includes(partitionKey)) return;
    this.#fault ??= new Violation(`${name} named a partition of ${table} that is not its own (G6)`);
  }
}
