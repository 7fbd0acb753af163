import { createHash } from 'node:crypto';

/** A place that keys can lie at. */
export interface Node {
  /** What it is called wherever it is named: the same place has the same name in every instance, for good. */
  readonly name: string;
}

/** Two words of 32 bits. */
type Words = readonly [number, number];

/**
 * The one of several nodes at which a key lies, by rendezvous hashing: every node draws a weight for the key, and the highest
 * has it. Whoever knows the same names comes to the same node, in whatever order they are listed, and nothing has to be kept
 * anywhere. A node that joins takes from the others just what it draws highest for, a share like theirs; nothing else moves.
 *
 * How it draws must never change: with it nearly every key would be looked for where it is not.
 *
 * @see Thaler, Ravishankar, "Using Name-Based Mappings to Increase Hit Rates" (1998): highest random weight
 */
export function rendezvous<N extends Node>(nodes: readonly [N, ...N[]]): (key: string) => N {
  if (new Set(nodes.map(({ name }) => name)).size !== nodes.length) throw new RangeError('two nodes have one name');
  // By name, so that even a draw of two would come out alike everywhere.
  const drawing = nodes.map((node) => ({ node, seed: wordsOf(node.name) })).toSorted(byName);
  const [first = nodes[0]] = nodes;
  if (nodes.length === 1) return () => first;
  return (key) => {
    const [high, low] = wordsOf(key);
    let [chosen, most] = [first, -1];
    for (const { node, seed } of drawing) {
      const weight = weightOf(seed, high, low);
      if (weight > most) [chosen, most] = [node, weight];
    }
    return chosen;
  };
}

const byName = (one: { readonly node: Node }, other: { readonly node: Node }): number =>
  one.node.name < other.node.name ? -1 : 1;

/** The key is hashed once, however many nodes there are: each mixes the hash with its own. */
function wordsOf(text: string): Words {
  const hash = createHash('sha256').update(text).digest();
  return [hash.readUInt32BE(0), hash.readUInt32BE(4)];
}

/** 53 bits, as many as a number holds exactly. */
function weightOf(seed: Words, high: number, low: number): number {
  const first = mixed(seed[0] ^ high);
  const second = mixed(first ^ mixed(seed[1] ^ low));
  return mixed(first ^ second) * 0x200000 + (second >>> 11);
}

/** Every bit of what goes in changes each bit of what comes out half of the time: MurmurHash3's finalizer. */
function mixed(word: number): number {
  let bits = word >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
