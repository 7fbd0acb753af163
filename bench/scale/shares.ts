import { type Node, rendezvous } from '../../shared/store/rendezvous.ts';

/** How evenly so many storage accounts share keys out, and what one more takes. */
export interface Shares {
  readonly places: number;
  /** The smallest and the largest share, in fair shares. */
  readonly least: number;
  readonly most: number;
  /** Of all keys, those that move when one joins, and the share of the one that joins. */
  readonly moved: number;
  /** Those that move and do not go to the one that joins: none. */
  readonly astray: number;
}

const named = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    name: `contoso${at + 1}.table.core.windows.net`,
  })) as unknown as readonly [Node, ...Node[]];

export function sharesOf(places: number, keys: number): Shares {
  const [before, after] = [named(places), named(places + 1)];
  const [placeOf, movesTo] = [rendezvous(before), rendezvous(after)];
  const shares = new Map(before.map(({ name }) => [name, 0]));
  let [moved, astray] = [0, 0];
  for (let at = 0; at < keys; at += 1) {
    const key = `${at}.contoso~client-1`;
    const [one, other] = [placeOf(key).name, movesTo(key).name];
    shares.set(one, (shares.get(one) ?? 0) + 1);
    if (one === other) continue;
    moved += 1;
    if (other !== after[places]?.name) astray += 1;
  }
  const fair = [...shares.values()].map((share) => (share * places) / keys);
  return { places, least: Math.min(...fair), most: Math.max(...fair), moved: moved / keys, astray };
}
