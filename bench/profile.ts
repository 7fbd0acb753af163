/**
 * Where the time of a profile went: `node bench/profile.ts FILE`. Time in Node itself is put down to whoever's code called it;
 * what nobody's did (a parser's callbacks, the event loop) is Node's own. In percent of all that was not idle.
 */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { textTable } from './report/text-table.ts';

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface Node {
  readonly id: number;
  readonly callFrame: Frame;
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly Node[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** What is no work of the subject's: nothing to do, and the profiler itself. */
const NOT_COUNTED = ['(idle)', 'bench/stage'];
const maps = new Map<string, SourceMap | null>();

function mapOf(path: string): SourceMap | null {
  const known = maps.get(path);
  if (known !== undefined) return known;
  const map = existsSync(`${path}.map`) ? new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8'))) : null;
  maps.set(path, map);
  return map;
}

/** The file as it was written; null for what is Node's. */
function fileOf({ url, lineNumber, columnNumber }: Frame): string | null {
  if (url === '' || url.startsWith('node:')) return null;
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const entry = mapOf(path)?.findEntry(lineNumber, columnNumber);
  const written = entry && 'originalSource' in entry ? entry.originalSource.replace(/^(?:\.\.\/)+/, '') : undefined;
  return written ?? relative(process.cwd(), path);
}

/** A package, or two folders of ours. */
function partOf(file: string): string {
  const [, library] =
    /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? /^webpack:\/\/(@[^/]+\/[^/]+)/.exec(file) ?? [];
  return (
    library ??
    file
      .split('/')
      .slice(0, file.startsWith('functions/') ? 1 : 2)
      .join('/')
  );
}

function ownersOf(nodes: readonly Node[]): ReadonlyMap<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const owners = new Map<number, string>();
  const walk = (node: Node, caller: string): void => {
    const file = fileOf(node.callFrame);
    const { functionName } = node.callFrame;
    const isOfTheEngine = /^\((?:idle|garbage collector|program)\)$/.test(functionName);
    const owner = isOfTheEngine ? functionName : file === null ? caller : partOf(file);
    owners.set(node.id, owner);
    for (const child of node.children ?? []) {
      const next = byId.get(child);
      if (next) walk(next, owner);
    }
  };
  if (nodes[0]) walk(nodes[0], "Node's own");
  return owners;
}

const { positionals } = parseArgs({ allowPositionals: true });
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(positionals[0] ?? '', 'utf8')) as Profile;
const owners = ownersOf(nodes);
const shares = new Map<string, number>();
samples.forEach((id, at) => {
  const owner = owners.get(id) ?? '';
  if (!NOT_COUNTED.includes(owner)) shares.set(owner, (shares.get(owner) ?? 0) + (timeDeltas[at] ?? 0));
});
const whole = [...shares.values()].reduce((sum, share) => sum + share, 0);
const rows = [...shares]
  .sort(([, a], [, b]) => b - a)
  .map(([owner, share]) => [owner, ((share / whole) * 100).toFixed(1)])
  .filter(([, share]) => Number(share) >= 0.5);
console.log(textTable([['', '% of CPU'], ...rows]));
