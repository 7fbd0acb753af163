import type { AccountStore } from '../../shared/account/account-store.ts';
import { createReplacedHere } from '../../shared/account/replaced-here.ts';
import type { Ambient } from '../../shared/ambient/ambient.ts';
import { createJoined } from '../../shared/ambient/joined.ts';
import type { Application } from '../../shared/application/application.ts';
import type { SessionTicket } from '../../shared/session/ticket.ts';
import { createFloodBudgets } from '../../shared/signout/flood-budgets.ts';
import type { Places } from '../../shared/store/places.ts';
import type { RetryQueue } from '../../shared/store/retry-queue.ts';
import type { Tables } from '../../shared/store/table.ts';
import { createMemoryTables, type MemoryTables } from '../memory-table/memory-table.ts';
import { testApplication } from '../support/application.ts';
import { createClock, instanceAmbient } from './clock.ts';
import type { Footprint } from './footprint.ts';
import { gatedTables } from './gated-tables.ts';
import { type Moving, type Phase, type PlaceName, rowsAt, storageIn } from './moving.ts';
import { nameOfPartition } from './names.ts';
import { OpState, type Person, raceOp } from './race-op.ts';
import { queueOf, Redelivery } from './redelivery.ts';
import { smallMemory, smallRefreshes } from './small-memory.ts';
import { RACE_EPOCH, type Stage, type Standing } from './stage.ts';
import type { Conduct, Life, Sessions, Told } from './told.ts';
import { type Mishaps, type Step, Turnstile } from './turnstile.ts';
import { Violation, Witness } from './witness.ts';

/** One sign-in, access, renewal, sweep or sign-out: the real code, and what it may touch and must keep. */
export interface Operation extends Conduct {
  readonly person?: Person;
  /** For a sign-out: what it has promised when it is carried out. */
  readonly promised?: (life: Life) => Sessions;
  run(instance: Instance): Promise<Told>;
}

/** Where an operation runs: each has an instance of its own, with its own clock and memory. */
export interface Instance {
  readonly application: Application;
  readonly life: Life;
}

export interface Scenario {
  readonly name: string;
  readonly standing: readonly Standing[];
  /** Whether a sweep takes part. */
  readonly sweeps?: boolean;
  /** What goes on at once. */
  readonly operations: (tickets: readonly SessionTicket[]) => readonly Operation[];
  /** Time that passes at any moment, milliseconds each. */
  readonly passing?: readonly number[];
  readonly mishaps?: Mishaps;
  /** How far the clock of the operation at each place is ahead. */
  readonly skews?: readonly number[];
  /** Put between an operation and storage, by a test of the explorer itself. */
  readonly spoil?: (tables: Tables, operation: Operation) => Tables;
  /** While the application moves from one storage account to another. */
  readonly moving?: Moving;
  /** Puts wrong, for a test of the explorer itself, where an operation looks. */
  readonly spoilPlaces?: (places: Places, operation: Operation) => Places;
  /** The same as `spoil`, below the yield point: what one call does to storage. */
  readonly spoilStorage?: (tables: Tables, operation: Operation) => Tables;
}

const { application: base } = testApplication();
const NOBODY: Person = { homeAccountId: '', sid: null };
/** A lease outlives what is redeemed and written under it, as long as no more time than this passes elsewhere. */
const PASSING_WITHIN_LEASE_MILLISECONDS = 5_000;

/** A sweep goes by nothing that its beginning could change. */
function beginning({ signsIn, signsOut, sweeps }: Operation): Footprint {
  if (sweeps) return {};
  if (signsIn) return { moment: 'sign-in sets out' };
  return { moment: signsOut ? 'sign-out sets out' : 'sets out' };
}

function ending({ signsIn }: Operation, { gone }: Told): Footprint {
  if (signsIn) return { moment: 'sign-in is told' };
  return gone ? { moment: 'promise' } : {};
}

/** One race, from its beginning; the scheduler moves it on by the turnstile. */
export class World {
  readonly turnstile: Turnstile;
  /** By the name under which they wait, those that the queue has brought back too. */
  readonly #operations = new Map<string, Operation>();
  readonly #scenario: Scenario;
  readonly #stage: Stage;
  readonly #clock = createClock();
  readonly #tables: Readonly<Record<PlaceName, MemoryTables>> = {
    old: createMemoryTables({ now: () => RACE_EPOCH }),
    new: createMemoryTables({ now: () => RACE_EPOCH }),
  };
  readonly #phases = new Map<string, Phase>();
  readonly #op = new OpState();
  readonly #witness: Witness;
  readonly #redelivery: Redelivery;
  readonly #timely: boolean;
  #fault: unknown;

  constructor(scenario: Scenario, stage: Stage) {
    const { mishaps, passing = [] } = scenario;
    this.#scenario = scenario;
    this.#stage = stage;
    this.turnstile = new Turnstile(this.#clock, mishaps ?? { faults: 0, crashes: 0 });
    const { old, new: other } = this.#tables;
    this.#witness = new Witness({ rows: (table) => [...old.rows(table), ...other.rows(table)] }, stage.seals);
    this.#redelivery = new Redelivery(this.#witness, (retry, life, skew) => this.#start(retry, skew, life));
    this.#timely = passing.reduce((sum, each) => sum + each, 0) <= PASSING_WITHIN_LEASE_MILLISECONDS;
  }

  /** Lays out what stands, and has every operation wait for its beginning. */
  begin(): void {
    const { rows, known, tickets } = this.#stage;
    const { moving } = this.#scenario;
    const placeOf = new Map(tickets.map(({ sessionId }, at) => [sessionId, moving?.standingAt[at] ?? 'old']));
    for (const table of ['accounts', 'sids', 'expiries'] as const) {
      this.#tables.old.load(table, moving ? rowsAt('old', rows[table], placeOf) : rows[table]);
      if (moving) this.#tables.new.load(table, rowsAt('new', rows[table], placeOf));
    }
    this.#witness.introduce(known);
    const { operations, skews, passing } = this.#scenario;
    for (const [place, operation] of operations(tickets).entries()) {
      const phases = this.#scenario.moving?.phases ?? [];
      this.#phases.set(operation.name, phases[place] ?? 'before');
      this.#phases.set(`${operation.name}, retried`, phases[(place + 1) % phases.length] ?? 'before');
      this.#start(operation, skews?.[place] ?? 0);
    }
    for (const [place, milliseconds] of (passing ?? []).entries()) {
      void this.turnstile.pass(`time ${place + 1}`, `${milliseconds} ms pass`, { clock: true }).then(() => {
        this.#clock.reach(this.#clock.elapsed() + milliseconds);
      });
    }
  }

  /** @throws what an operation threw, or a {@link Violation} */
  check({ actor, happens, footprint: { access } }: Step): void {
    if (this.#fault !== undefined) throw this.#fault;
    if (happens === 'crash') this.#redelivery.crashed(actor);
    const operation = this.#operations.get(actor);
    if (operation && access?.table === 'accounts' && access.writes) {
      this.#witness.look(operation, this.#op.refused.has(actor));
    }
    const held = this.#timely && !this.#scenario.mishaps;
    if (held && this.#op.reused.length > 0) throw new Violation('a refresh token was redeemed by two at once');
  }

  /** Nothing can happen any more. @throws a {@link Violation} */
  end(): void {
    this.#witness.end(this.#scenario.mishaps === undefined);
  }

  #start(operation: Operation, skew: number, life?: Life): void {
    this.#operations.set(operation.name, operation);
    this.#live(operation, skew, life).catch((fault: unknown) => {
      this.#fault ??= fault;
    });
  }

  async #live(operation: Operation, skew: number, given?: Life): Promise<void> {
    const { name } = operation;
    const ambient = this.#ambient(name, skew);
    let life = given;
    const bring = (message: string): void => {
      if (life) this.#redelivery.bring({ message, origin: operation, life, skew });
    };
    const application = this.#instance(operation, ambient, queueOf(name, this.turnstile, bring));
    const begins = given ? 'is brought by the queue' : 'sets out';
    await this.turnstile.pass(name, begins, given ? {} : beginning(operation));
    life ??= this.#witness.setOut(operation, ambient.now());
    const told = await operation.run({ application, life });
    await this.turnstile.pass(name, `is told “${told.says}”`, ending(operation, told));
    if (told.storageFailed && this.#timely && !this.#scenario.mishaps) {
      throw new Violation(`${name} was told “${told.says}”, but storage did not fail`);
    }
    this.#witness.answered(operation, told);
  }

  #ambient(name: string, skew: number): Ambient {
    return instanceAmbient(this.#clock, name, RACE_EPOCH, skew, (milliseconds) =>
      this.turnstile.sleep(name, milliseconds),
    );
  }

  #instance(operation: Operation, ambient: Ambient, retryQueue: RetryQueue): Application {
    const { name } = operation;
    const { turnstile } = this;
    const op = raceOp(this.#op, turnstile, name, ambient, operation.person ?? NOBODY);
    const keyring = this.#stage.seals.keyringOf(name);
    const store = { ...this.#storage(operation), keyring, ambient, replacedHere: createReplacedHere() };
    return {
      ...base,
      store,
      op: { get: async () => op },
      memory: smallMemory(),
      acquiring: createJoined(),
      refreshes: smallRefreshes(),
      floodBudgets: createFloodBudgets(ambient.monotonic),
      retryQueue,
    };
  }

  #storage(operation: Operation): Pick<AccountStore, 'tables' | 'places'> {
    const { name } = operation;
    const { moving, spoil, spoilStorage, spoilPlaces } = this.#scenario;
    const reach = (place: PlaceName): Tables => {
      const stored = spoilStorage?.(this.#tables[place], operation) ?? this.#tables[place];
      const watch = (table: keyof Tables, partitionKey: string) => this.#checkTouch(operation, table, partitionKey);
      const gated = gatedTables(this.turnstile, name, stored, nameOfPartition, watch, moving && place);
      return spoil?.(gated, operation) ?? gated;
    };
    if (moving === undefined) return { tables: reach('old') };
    const [origin = name, retry] = name.split(', retry ');
    const phase = this.#phases.get(retry === undefined ? name : `${origin}, retried`) ?? 'before';
    const { tables, places } = storageIn(phase, { old: reach('old'), new: reach('new') });
    return places === undefined ? { tables } : { tables, places: spoilPlaces?.(places, operation) ?? places };
  }

  /** G6: no operation names another account's partition. */
  #checkTouch({ name, partitions }: Operation, table: keyof Tables, partitionKey: string): void {
    if (table === 'expiries' || partitions.includes(partitionKey)) return;
    this.#fault ??= new Violation(`${name} named a partition of ${table} that is not its own (G6)`);
  }
}
