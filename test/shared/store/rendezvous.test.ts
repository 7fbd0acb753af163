import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Node, rendezvous } from '../../../shared/store/rendezvous.ts';

type Nodes = readonly [Node, ...Node[]];

const node = (name: string): Node => ({ name });
const named = (count: number): Nodes =>
  Array.from({ length: count }, (_, at) => node(`contoso${at + 1}.table.core.windows.net`)) as unknown as Nodes;
/** As account keys are: much alike. */
const KEYS = Array.from({ length: 5_000 }, (_, at) => `${at}.contoso~client-1`);

const nodes = fc
  .uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 })
  .map((names) => names.map(node) as unknown as Nodes);

/** How many keys each node has. */
function sharesOf(among: Nodes, keys = KEYS): Map<string, number> {
  const shares = new Map(among.map(({ name }) => [name, 0]));
  const placeOf = rendezvous(among);
  for (const key of keys) {
    const { name } = placeOf(key);
    shares.set(name, (shares.get(name) ?? 0) + 1);
  }
  return shares;
}

describe('where a key lies', () => {
  it('does not depend on the order in which the nodes are listed', () => {
    fc.assert(
      fc.property(nodes, fc.string(), fc.infiniteStream(fc.nat()), (among, key, lots) => {
        const drawn = among.map((one) => ({ one, lot: lots.next().value as number }));
        const shuffled = drawn.toSorted((a, b) => a.lot - b.lot).map(({ one }) => one) as unknown as Nodes;
        expect(rendezvous(shuffled)(key)).toEqual(rendezvous(among)(key));
      }),
    );
  });

  it('is where it was, or at the node that joins', () => {
    fc.assert(
      fc.property(nodes, fc.string(), fc.string({ minLength: 1 }), (among, key, joining) => {
        fc.pre(!among.some(({ name }) => name === joining));
        const before = rendezvous(among)(key).name;
        expect([before, joining]).toContain(rendezvous([...among, node(joining)])(key).name);
      }),
    );
  });

  it('never changes from one version to the next', () => {
    const placeOf = rendezvous(named(5));
    expect(KEYS.slice(0, 10).map((key) => placeOf(key).name[7])).toEqual([...'4432413352']);
  });

  it('is one of two nodes of one name never: they would share what each believes to have alone', () => {
    expect(() => rendezvous([node('a'), node('a')])).toThrow(RangeError);
  });
});

describe.each([2, 3, 16])('among %i nodes', (count) => {
  it('each has a fair share, within five standard deviations', () => {
    const fair = KEYS.length / count;
    for (const share of sharesOf(named(count)).values()) {
      expect(Math.abs(share - fair)).toBeLessThan(5 * Math.sqrt(fair));
    }
  });

  it('one that joins takes a fair share, and as much from each', () => {
    const [before, after] = [rendezvous(named(count)), rendezvous(named(count + 1))];
    const moved = KEYS.filter((key) => before(key).name !== after(key).name);
    const fair = KEYS.length / (count + 1);
    expect(Math.abs(moved.length - fair)).toBeLessThan(5 * Math.sqrt(fair));
    for (const taken of sharesOf(named(count), moved).values()) {
      expect(Math.abs(taken - fair / count)).toBeLessThan(5 * Math.sqrt(fair / count) + 1);
    }
  });
});
