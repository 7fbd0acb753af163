import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { keptContainers } from '../support/kept-containers.ts';

const DOCUMENT = 'docs/memory.md';
/** `file` `name` … at most. */
const ROW = /^\| `(?<file>[^`]+\.ts)` \| `(?<name>[^`]+)` \|[^|]+\| (?<bound>[^|]+) \|/gm;

const sources = ['functions', 'shared'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // What runs in a browser is not in an instance's memory.
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.includes('/browser/'))
    .map((name) => join(folder, name)),
);
const found = sources.flatMap((file) => keptContainers(readFileSync(file, 'utf8')).map((name) => `${file} ${name}`));
const rows = [...readFileSync(DOCUMENT, 'utf8').matchAll(ROW)].map(({ groups = {} }) => groups);

describe('what an instance keeps in memory', () => {
  it('is all in the table of bounds, and nothing else is', () => {
    expect(rows.map(({ file, name }) => `${file} ${name}`).sort()).toEqual(found.toSorted());
  });

  it.each(rows.filter(({ bound }) => /entries/.test(bound ?? '')))('$file: $name is bounded as said', (row) => {
    const source = readFileSync(row.file ?? '', 'utf8');
    const [, entries = ''] = /^([\d,]+) entries/.exec(row.bound ?? '') ?? [];
    const constant = new RegExp(`const (\\w+) = ${entries.replaceAll(',', '_')};`).exec(source)?.[1];
    expect(source).toMatch(new RegExp(`\\b${row.name} = new LRUCache<[^>]+>\\(\\{\\s*max: ${constant}\\b`));
  });
});

describe('containers that outlive a call are found', () => {
  const kept = (body: string) => keptContainers(`export function make() { ${body} }`);

  it.each([
    ['a map that a returned function fills', 'const seen = new Map(); return (key) => seen.set(key, 1);', ['seen']],
    ['a set, by a method', 'const seen = new Set(); return { add(key) { seen.add(key); } };', ['seen']],
    ['a list', 'const seen: string[] = []; return (key) => { seen.push(key); };', ['seen']],
    ['an object', 'const seen = {}; return (key) => { seen[key] = 1; };', ['seen']],
    ['a cache, whoever fills it', 'const seen = new LRUCache({ max: 1 }); return seen;', ['seen']],
    ['what a function fills for itself is none', 'const seen = new Set(); seen.add(1); return seen;', []],
    ['what nobody fills is none', 'const seen = new Set([1]); return (key) => seen.has(key);', []],
  ])('%s', (_, body, names) => {
    expect(kept(body)).toEqual(names);
  });

  it("a module's and a class's", () => {
    expect(keptContainers('const all = []; export const add = (one) => all.push(one);')).toEqual(['all']);
    expect(keptContainers('class Known { readonly #all = new Map(); }')).toEqual(['#all']);
  });
});
