import type { Entity } from '../store/table.ts';
import { sessionProperty } from './account.ts';
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
  const inOrder = ending.scope === 'account' || ending.foundBy !== undefined;
  const end = () => (inOrder ? endInOrder : endEach)(telling, account, ending);
  let endings = await end();
  // What took the place of a session may have come up at one place while the other was at work: then a second look finds it.
  if (endings.every(({ outcome }) => outcome === 'nothing')) endings = await end();
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
 * Looks at each place first. Of an account, with one session that is named all go, at whichever place it stands. What the sign-out
 * is found by goes last: where anything fails before, whoever retries finds it again, and the rest with it.
 */
async function endInOrder(
  places: readonly AccountStore[],
  account: AccountKey,
  ending: Ending,
): Promise<readonly Ended[]> {
  const looked = await Promise.all(places.map((place) => lookAtPlace(place, account, ending)));
  if (looked.every(({ outcome }) => outcome !== 'named')) return looked.map(asEnded);
  const unseen = looked.filter(({ outcome }) => outcome === 'unavailable');
  if (unseen.length > 0) return unseen.map(asEnded);
  const all: Ending = ending.scope === 'account' ? { ...ending, names: () => true } : ending;
  const endAt = (those: readonly AccountStore[]) => Promise.all(those.map((place) => endAtPlace(place, account, all)));
  const last = places.filter((_, at) => isFoundAt(looked[at], ending));
  const others = await endAt(places.filter((place) => !last.includes(place)));
  if (others.some(({ outcome }) => outcome === 'unavailable')) return others;
  return [...others, ...(await endAt(last))];
}

type Looked = Awaited<ReturnType<typeof lookAtPlace>>;

const isFoundAt = (look: Looked | undefined, { foundBy }: Ending): boolean =>
  look?.outcome === 'named' && (foundBy === undefined || sessionProperty(foundBy) in look.entity.properties);

const endEach = (places: readonly AccountStore[], account: AccountKey, ending: Ending): Promise<readonly Ended[]> =>
  Promise.all(places.map((place) => endAtPlace(place, account, ending)));

/** @throws for one that is not over: nobody sums it up */
function asEnded(look: Looked): Ended {
  if (look.outcome === 'named') throw new RangeError('a look that has found something is no end');
  return look;
}

function sumOf(endings: readonly Ended[]): Ended {
  let [sessions, tokenCaches, deleted, any] = [0, 0, true, false];
  for (const ended of endings) {
    if (ended.outcome === 'unavailable') return ended;
    deleted &&= ended.deleted;
    if (ended.outcome === 'nothing') continue;
    any = true;
    sessions += ended.sessions;
    tokenCaches += ended.tokenCaches;
  }
  return any ? { outcome: 'ended', sessions, tokenCaches, deleted } : { outcome: 'nothing', deleted };
}
