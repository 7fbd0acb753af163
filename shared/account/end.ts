import type { Entity } from '../store/table.ts';
import type { AccountKey } from './account-key.ts';
import type { AccountStore } from './account-store.ts';
import type { Departure } from './departures.ts';
import { type Ended, endAtPlace, lookAtPlace } from './end-at-place.ts';
import type { Ending } from './plan-ending.ts';
import { atEach } from './where.ts';

export type { Ended } from './end-at-place.ts';
export type { Ending, Removed } from './plan-ending.ts';

/**
 * Ends sessions of one account (DESIGN, rule 3), wherever they stand: nearly always at one place, in one write under its ETag.
 *
 * @param first the entity as already read; else it is read here
 */
export function endInAccount(store: AccountStore, account: AccountKey, ending: Ending, first?: Entity): Promise<Ended> {
  const [place, ...others] = atEach(store, account);
  if (place === undefined || others.length === 0) return endAtPlace(place ?? store, account, ending, first);
  return endWhileMoving(store, [place, ...others], account, ending);
}

/** While the application moves an account may have sessions at two places, each an entity of its own. */
async function endWhileMoving(
  { departed }: AccountStore,
  places: readonly AccountStore[],
  account: AccountKey,
  ending: Ending,
): Promise<Ended> {
  const departures: Departure[] = [];
  const telling = places.map((place): AccountStore => {
    return { ...place, ...(departed && { departed: (departure: Departure) => void departures.push(departure) }) };
  });
  const endings = await (ending.scope === 'account' ? endAll : endNamed)(telling, account, ending);
  const ended = sumOf(endings);
  if (departures.length > 0) {
    // What is left at a place that nothing has left is not known here: in doubt something is.
    const allGone = ending.scope === 'account' && ended.outcome === 'ended' && ended.deleted;
    departed?.({
      tokens: departures.flatMap(({ tokens }) => tokens),
      standing: allGone ? [] : [...departures.flatMap(({ standing }) => standing), undefined],
    });
  }
  return ended;
}

/**
 * With one session that is named, all go, at whichever place it stands. It goes last: where anything fails before, it is found
 * again by whoever retries, and the rest with it.
 */
async function endAll(places: readonly AccountStore[], account: AccountKey, ending: Ending): Promise<readonly Ended[]> {
  const looked = await Promise.all(places.map((place) => lookAtPlace(place, account, ending)));
  if (looked.every((look) => look.outcome !== 'named')) return looked.map(asEnded);
  const unseen = looked.filter(({ outcome }) => outcome === 'unavailable');
  if (unseen.length > 0) return unseen.map(asEnded);
  const everything: Ending = { ...ending, names: () => true };
  const endWhere = (outcome: 'named' | 'nothing') =>
    Promise.all(
      places.filter((_, at) => looked[at]?.outcome === outcome).map((place) => endAtPlace(place, account, everything)),
    );
  const others = await endWhere('nothing');
  if (others.some(({ outcome }) => outcome === 'unavailable')) return others;
  return [...others, ...(await endWhere('named'))];
}

/** What took the place of a session may have come up at one place while the other was looked at: then a second look finds it. */
async function endNamed(
  places: readonly AccountStore[],
  account: AccountKey,
  ending: Ending,
): Promise<readonly Ended[]> {
  const endEach = () => Promise.all(places.map((place) => endAtPlace(place, account, ending)));
  const endings = await endEach();
  return endings.every(({ outcome }) => outcome === 'nothing') ? endEach() : endings;
}

/** @throws for one that is not over: nobody sums it up */
function asEnded(look: Awaited<ReturnType<typeof lookAtPlace>>): Ended {
  if (look.outcome === 'named') throw new RangeError('a look that has found something is no end');
  return look;
}

function sumOf(endings: readonly Ended[]): Ended {
  let [sessions, tokenCaches, deleted, any] = [0, 0, true, false];
  for (const ended of endings) {
    if (ended.outcome === 'unavailable') return ended;
    if (ended.outcome === 'nothing') continue;
    any = true;
    sessions += ended.sessions;
    tokenCaches += ended.tokenCaches;
    deleted &&= ended.deleted;
  }
  return any ? { outcome: 'ended', sessions, tokenCaches, deleted } : { outcome: 'nothing' };
}
