import { ACCOUNT_ROW_KEY, createAccountCodec, propertiesOf, sessionIds } from '../../shared/account/account.ts';
import type { AccountKey } from '../../shared/account/account-key.ts';
import type { SessionId } from '../../shared/account/session-record.ts';
import type { Keyring } from '../../shared/seal/keyring.ts';
import type { Entity } from '../../shared/store/table.ts';
import type { MemoryTables } from '../memory-table/memory-table.ts';
import { familyOf } from './race-op.ts';

/** A session as the witness saw it come. */
export interface Known {
  readonly id: SessionId;
  readonly account: AccountKey;
  readonly sid: string | null;
  /** The place of its attempt's beginning in the true order of events. */
  readonly began: number;
  /** The same by the clock of the instance where it set out. */
  readonly startedAt: number;
  readonly endsAt: number;
}

/** One operation's time, from when it set out. */
export interface Life {
  readonly setOut: number;
  /** The same by its own clock, or when the sign-out was received that it retries: milliseconds since the epoch. */
  readonly receivedAt: number;
  /** What stood when it set out. */
  readonly found: readonly Known[];
  /** What stood at any moment since. */
  readonly saw: Set<SessionId>;
  /** What it ended. */
  readonly ended: Known[];
}

/** What an operation's caller was told, and what has to be true for it. */
export interface Told {
  readonly says: string;
  /** This session stood at a moment of the operation's life. */
  readonly stood?: SessionId;
  /** From the answer on, for good, no such session stands. */
  readonly gone?: (session: Known) => boolean;
  /** A sign-in that was refused has left no session. */
  readonly letIn?: false;
  /** A sign-in was refused because a sign-out came in. */
  readonly overtaken?: true;
}

/** What the witness has to know of an operation. */
export interface Conduct {
  readonly name: string;
  readonly signsIn?: true;
  readonly signsOut?: true;
  /** For a late retry: how long ago its sign-out was received, milliseconds. */
  readonly ago?: number;
  /** Whether it may end that session. */
  mayEnd(session: Known, life: Life): boolean;
}

export class Violation extends Error {}

/** Looks at the tables after every step, and compares them with what was done and told. */
export class Witness {
  readonly #tables: MemoryTables;
  readonly #keyring: Keyring;
  readonly #known = new Map<SessionId, Known>();
  readonly #lives = new Map<string, Life>();
  readonly #broughtBy = new Map<string, SessionId>();
  readonly #families = new Map<SessionId, string>();
  readonly #promises: { readonly by: string; readonly gone: (session: Known) => boolean }[] = [];
  #standing = new Set<SessionId>();
  #moment = 0;
  #signOutsSeen = 0;

  constructor(tables: MemoryTables, keyring: Keyring) {
    this.#tables = tables;
    this.#keyring = keyring;
  }

  /** What stands before the race begins. */
  introduce(sessions: readonly Known[]): void {
    for (const session of sessions) this.#known.set(session.id, session);
    this.#standing = new Set(sessions.map(({ id }) => id));
    for (const entity of this.#accounts()) this.#checkEntity(entity);
  }

  setOut({ name, signsOut, ago }: Conduct, now: number): Life {
    this.#moment += 1;
    if (signsOut) this.#signOutsSeen += 1;
    const all = [...this.#standing].map((id) => this.#of(id));
    const setOut = ago === undefined ? this.#moment : -ago;
    const found = all.filter(({ began }) => began < setOut);
    const life: Life = { setOut, receivedAt: now - (ago ?? 0), found, saw: new Set(this.#standing), ended: [] };
    this.#lives.set(name, life);
    return life;
  }

  /** After a step of an operation that may have changed an account. */
  look(conduct: Conduct): void {
    this.#moment += 1;
    const standing = new Set<SessionId>();
    for (const entity of this.#accounts()) {
      for (const id of sessionIds(entity.properties)) {
        standing.add(id);
        if (!this.#standing.has(id)) this.#appeared(id, entity, conduct);
      }
      this.#checkEntity(entity);
    }
    for (const id of this.#standing) if (!standing.has(id)) this.#vanished(this.#of(id), conduct);
    this.#standing = standing;
    for (const { saw } of this.#lives.values()) for (const id of standing) saw.add(id);
    this.#checkPromises();
  }

  answered({ name }: Conduct, { says, stood, gone, letIn, overtaken }: Told): void {
    const life = this.#lives.get(name);
    if (life === undefined) throw new Violation(`${name} answered before it set out`);
    if (stood !== undefined && !life.saw.has(stood)) {
      throw new Violation(`${name} was told “${says}”, but its session never stood meanwhile (G4)`);
    }
    const brought = this.#broughtBy.get(name);
    if (letIn === false && brought !== undefined && this.#standing.has(brought)) {
      throw new Violation(`${name} was told “${says}”, but its session stands`);
    }
    if (overtaken && this.#signOutsSeen === 0) {
      throw new Violation(`${name} was told “${says}”, but nobody signed out`);
    }
    if (gone) this.#promises.push({ by: `${name}: “${says}”`, gone });
    this.#checkPromises();
  }

  #accounts(): readonly Entity[] {
    return this.#tables.rows('accounts');
  }

  #of(id: SessionId): Known {
    const known = this.#known.get(id);
    if (known === undefined) throw new Error('a session that was never seen to come');
    return known;
  }

  #appeared(id: SessionId, entity: Entity, { name, signsIn }: Conduct): void {
    if (this.#known.has(id)) throw new Violation(`${name} brought a session back that had ended (G1)`);
    if (!signsIn) throw new Violation(`${name} made a session, and is no sign-in (G1)`);
    const account = entity.partitionKey as AccountKey;
    const session = createAccountCodec(this.#keyring, account).openSession(entity, id);
    if (session.outcome !== 'opened') throw new Violation(`${name} wrote a session that nobody can read`);
    const { sid, startedAt, endsAt } = session.value;
    const began = this.#lives.get(name)?.setOut ?? 0;
    this.#known.set(id, { id, account, sid, began, startedAt, endsAt });
    this.#broughtBy.set(name, id);
  }

  #vanished(session: Known, conduct: Conduct): void {
    const life = this.#lives.get(conduct.name);
    if (life === undefined || !conduct.mayEnd(session, life)) {
      throw new Violation(`${conduct.name} ended a session that it had no right to end`);
    }
    life.ended.push(session);
  }

  #checkPromises(): void {
    for (const id of this.#standing) {
      const broken = this.#promises.find(({ gone }) => gone(this.#of(id)));
      if (broken) throw new Violation(`a session stands after ${broken.by} (G1)`);
    }
  }

  /** G2: a session has its tokens, tokens have their session, and they are its own; the sweep is told the latest end. */
  #checkEntity(entity: Entity): void {
    const { properties, partitionKey } = entity;
    const ids = sessionIds(properties);
    const owned = new Set(ids.flatMap(propertiesOf));
    const stray = Object.keys(properties).find((name) => name !== 'expiresOn' && !owned.has(name));
    if (stray !== undefined) throw new Violation(`${stray.slice(0, 2)} stands without its session (G2)`);
    const codec = createAccountCodec(this.#keyring, partitionKey as AccountKey);
    for (const id of ids) {
      const cache = codec.openCache(entity, id);
      if (cache.outcome !== 'opened') throw new Violation('a session stands without its tokens (G2)');
      const family = familyOf(cache.value);
      if ((this.#families.get(id) ?? family) !== family) throw new Violation('a session holds another’s tokens (G2)');
      this.#families.set(id, family);
      const { expiresOn } = properties;
      if (!(expiresOn instanceof Date) || expiresOn.getTime() < this.#of(id).endsAt) {
        throw new Violation('a session outlives what the sweep is told');
      }
    }
    if (entity.rowKey !== ACCOUNT_ROW_KEY) throw new Violation('an account has a second row');
  }
}
