import { ACCOUNT_ROW_KEY, createAccountCodec, propertiesOf, sessionIds } from '../../shared/account/account.ts';
import type { AccountKey } from '../../shared/account/account-key.ts';
import type { SessionId } from '../../shared/account/session-record.ts';
import { beganBefore } from '../../shared/ambient/clock-skew.ts';
import type { Entity } from '../../shared/store/table.ts';
import type { MemoryTables } from '../memory-table/memory-table.ts';
import { familyOfToken } from './race-op.ts';
import type { Seals } from './seals.ts';
import type { Conduct, Known, Life, Sessions, Told } from './told.ts';

export class Violation extends Error {}

/** A partition of `sids`. */
const INDEX_KEY = /^[0-9a-f]{64}$/;

/** Looks at the tables after every step, and compares them with what was done and told. */
export class Witness {
  readonly #tables: Pick<MemoryTables, 'rows'>;
  readonly #seals: Seals;
  readonly #known = new Map<SessionId, Known>();
  readonly #lives = new Map<string, { readonly conduct: Conduct; readonly life: Life }>();
  readonly #families = new Map<SessionId, string>();
  readonly #promises: { readonly by: string; readonly conduct: Conduct; readonly gone: Sessions }[] = [];
  /** What its own sign-in has written a second time, having had no answer to the first. */
  readonly #writtenAgain = new Set<SessionId>();
  readonly #owed = new Set<string>();
  readonly #answered = new Set<string>();
  #standing = new Set<SessionId>();
  #moment = 0;

  constructor(tables: Pick<MemoryTables, 'rows'>, seals: Seals) {
    this.#tables = tables;
    this.#seals = seals;
  }

  /** What stands before the race begins. */
  introduce(sessions: readonly Known[]): void {
    for (const session of sessions) this.#known.set(session.id, session);
    this.#standing = new Set(sessions.map(({ id }) => id));
    for (const entity of this.#tables.rows('accounts')) this.#checkEntity(entity);
  }

  /** @param now by the operation's own clock */
  setOut(conduct: Conduct, now: number): Life {
    this.#moment += 1;
    const { ago } = conduct;
    const setOut = ago === undefined ? this.#moment : -ago;
    const found = [...this.#standing].map((id) => this.#of(id)).filter(({ began }) => began < setOut);
    const life: Life = {
      setOut,
      receivedAt: now - (ago ?? 0),
      found,
      saw: new Set(),
      sawReplaced: new Map(),
      ended: [],
    };
    this.#see(life);
    this.#lives.set(conduct.name, { conduct, life });
    return life;
  }

  /** A queued sign-out goes on, under another name, as of the time at which it was received. */
  goesOn(conduct: Conduct, life: Life): void {
    this.#lives.set(conduct.name, { conduct, life });
  }

  /** From now on somebody has to finish that sign-out (G3). */
  owes(name: string): void {
    this.#owed.add(name);
  }

  /**
   * After a step of an operation that may have changed an account.
   *
   * @param refused whether the OP has told it that the refresh token is dead
   */
  look(conduct: Conduct, refused: boolean): void {
    this.#moment += 1;
    const standing = new Set<SessionId>();
    for (const entity of this.#tables.rows('accounts')) {
      for (const id of sessionIds(entity.properties)) {
        standing.add(id);
        if (!this.#standing.has(id)) this.#appeared(id, entity, conduct);
      }
      this.#checkEntity(entity);
    }
    for (const id of this.#standing) if (!standing.has(id)) this.#vanished(this.#of(id), conduct, refused);
    this.#standing = standing;
    for (const { life } of this.#lives.values()) this.#see(life);
    this.#checkPromises();
  }

  #see({ saw, sawReplaced }: Life): void {
    for (const id of this.#standing) {
      saw.add(id);
      const session = this.#of(id);
      for (const replaced of session.replaced ?? []) sawReplaced.set(replaced, session);
    }
  }

  answered(conduct: Conduct, { says, stood, token, gone, overtaken, finishes }: Told): void {
    const { name } = conduct;
    this.#answered.add(name);
    const life = this.#lives.get(name)?.life;
    if (life === undefined) throw new Violation(`${name} answered before it set out`);
    if (stood !== undefined && !life.saw.has(stood)) {
      throw new Violation(`${name} was told “${says}”, but its session never stood meanwhile (G4)`);
    }
    if (token !== undefined && (stood === undefined || familyOfToken(token ?? '') !== this.#families.get(stood))) {
      throw new Violation(`${name} had a token sent that is not its session’s own (G4)`);
    }
    if (overtaken && !this.#wasOvertaken(name)) {
      throw new Violation(`${name} was told “${says}”, but no sign-out that concerns it came in`);
    }
    if (finishes !== undefined) this.#owed.delete(finishes);
    if (gone) this.#promises.push({ by: `${name}: “${says}”`, conduct, gone });
    this.#checkPromises();
  }

  /** @param undisturbed whether nothing went wrong: then nothing is left over either */
  end(undisturbed: boolean): void {
    for (const name of this.#owed) throw new Violation(`${name} was queued, and nobody finished it (G3)`);
    if (!undisturbed) return;
    const empty = this.#tables.rows('accounts').some(({ properties }) => sessionIds(properties).length === 0);
    if (empty) throw new Violation('an empty account is left over');
  }

  #of(id: SessionId): Known {
    const known = this.#known.get(id);
    if (known === undefined) throw new Error('a session that was never seen to come');
    return known;
  }

  /** A sign-out had set out that names a target of this sign-in, and the sign-in began before it. */
  #wasOvertaken(name: string): boolean {
    const own = this.#lives.get(name);
    return [...this.#lives.values()].some(
      ({ conduct, life }) =>
        conduct.signsOut &&
        conduct.partitions.some((partition) => own?.conduct.partitions.includes(partition)) &&
        beganBefore(own?.life.receivedAt ?? Number.POSITIVE_INFINITY, life.receivedAt),
    );
  }

  #appeared(id: SessionId, entity: Entity, { name, signsIn }: Conduct): void {
    const known = this.#known.get(id);
    // A sign-in that has no answer to its write yet writes again: it is in flight, and the promises say whether it may end so.
    if (known !== undefined && known.broughtBy === name && !this.#answered.has(name)) {
      this.#writtenAgain.add(id);
      return;
    }
    if (known !== undefined) throw new Violation(`${name} brought a session back that had ended (G1)`);
    if (!signsIn) throw new Violation(`${name} made a session, and is no sign-in (G1)`);
    const account = entity.partitionKey as AccountKey;
    const session = createAccountCodec(this.#seals.keyringOf('witness'), account).openSession(entity, id);
    if (session.outcome !== 'opened') throw new Violation(`${name} wrote a session that nobody can read`);
    const { sid, startedAt, endsAt, replaced: { ids: replaced } = { ids: [] } } = session.value;
    const began = this.#lives.get(name)?.life.setOut ?? 0;
    this.#known.set(id, { id, account, sid, began, startedAt, endsAt, replaced, broughtBy: name });
  }

  #vanished(session: Known, conduct: Conduct, refused: boolean): void {
    const life = this.#lives.get(conduct.name)?.life;
    if (life === undefined || !conduct.mayEnd(session, life, refused)) {
      throw new Violation(`${conduct.name} ended a session that it had no right to end`);
    }
    life.ended.push(session);
  }

  #checkPromises(): void {
    for (const id of this.#standing) {
      const session = this.#of(id);
      const broken = this.#promises.find(({ gone, conduct }) => gone(session) && !this.#mayComplete(session, conduct));
      if (broken) throw new Violation(`a session stands after ${broken.by} (G1)`);
    }
  }

  /** A sign-in of another OP session that was in flight may complete after a sign-out, so G1; also where its session stood already. */
  #mayComplete({ id, broughtBy }: Known, signOut: Conduct): boolean {
    if (!this.#writtenAgain.has(id)) return false;
    const targets = this.#lives.get(broughtBy ?? '')?.conduct.partitions.filter((key) => INDEX_KEY.test(key)) ?? [];
    return !targets.some((target) => signOut.partitions.includes(target));
  }

  /** G2: a session has its tokens, tokens have their session, and they are its own; the sweep is told the latest end. */
  #checkEntity(entity: Entity): void {
    const { properties } = entity;
    const ids = sessionIds(properties);
    const owned = new Set(ids.flatMap(propertiesOf));
    const stray = Object.keys(properties).find((name) => name !== 'expiresOn' && !owned.has(name));
    if (stray !== undefined) throw new Violation(`${stray.slice(0, 2)} stands without its session (G2)`);
    for (const id of ids) {
      const family = this.#seals.familyIn(entity, id);
      if (family === null) throw new Violation('a session stands without its tokens (G2)');
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
