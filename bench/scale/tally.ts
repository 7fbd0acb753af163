import type { Table, Tables } from '../../shared/store/table.ts';
import type { Operation } from '../../test/memory-table/memory-table.ts';
import { ACTIVITIES, type Activity } from './behaviour.ts';

export type Call = `${keyof Tables}.${keyof Table}`;
/** What kind of partition a call goes to: of these one may get hot. */
export type Heat = 'an account' | 'a target of sign-outs' | 'an hour of expiries';

const HEAT: Readonly<Record<keyof Tables, Heat>> = {
  accounts: 'an account',
  sids: 'a target of sign-outs',
  expiries: 'an hour of expiries',
};

/** Counts what storage is asked for, by who asks. */
export class Tally {
  activity: Activity = 'sign-in';
  readonly #times = new Map<Activity, number>();
  readonly #calls = new Map<string, number>();
  readonly #partitions = new Map<string, { readonly heat: Heat; calls: number }>();
  readonly #places = new Map<string, number>();

  /** Something begins that counts as one. */
  begin(activity: Activity): void {
    this.activity = activity;
    this.#times.set(activity, this.times(activity) + 1);
  }

  /** So often it counted, where that is known afterwards only. */
  set(activity: Activity, times: number): void {
    this.#times.set(activity, times);
  }

  count(place: string, { table, name, partitionKey }: Operation): void {
    const call = `${this.activity} ${table}.${name}`;
    this.#calls.set(call, (this.#calls.get(call) ?? 0) + 1);
    this.#places.set(place, (this.#places.get(place) ?? 0) + 1);
    const partition = `${place} ${table} ${partitionKey}`;
    const counted = this.#partitions.get(partition) ?? { heat: HEAT[table], calls: 0 };
    counted.calls += 1;
    this.#partitions.set(partition, counted);
  }

  times(activity: Activity): number {
    return this.#times.get(activity) ?? 0;
  }

  /** Calls by name, of one activity, for each time. */
  costOf(activity: Activity): ReadonlyMap<Call, number> {
    const own = [...this.#calls].filter(([call]) => call.startsWith(`${activity} `));
    return new Map(own.map(([call, count]) => [call.slice(activity.length + 1) as Call, count / this.times(activity)]));
  }

  /** Calls of one activity for each time. */
  callsEach(activity: Activity): number {
    return [...this.costOf(activity).values()].reduce((sum, each) => sum + each, 0);
  }

  /** All calls. */
  total(): number {
    return ACTIVITIES.reduce((sum, activity) => sum + this.callsEach(activity) * this.times(activity), 0) || 0;
  }

  /** All calls that one partition of a kind saw at most. */
  hottest(heat: Heat): number {
    return Math.max(
      0,
      ...[...this.#partitions.values()].filter((each) => each.heat === heat).map(({ calls }) => calls),
    );
  }

  byPlace(): ReadonlyMap<string, number> {
    return this.#places;
  }
}
