import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Folders that talk to the world; the rest of `shared/` is the core, which knows their ports only. */
const ADAPTERS = [
  'shared/connection',
  'shared/graph',
  'shared/managed-identity',
  'shared/msal',
  'shared/queue',
  'shared/tables',
  'shared/telemetry',
  'shared/upstream',
];

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function importsUnder(folder: string): Import[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .flatMap((name) => {
      const file = join(folder, name);
      const source = readFileSync(file, 'utf8');
      const found = source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
      return [...found].map(([, specifier = '']) => ({ file, specifier }));
    });
}

const imports = [...importsUnder('functions'), ...importsUnder('shared')];
const localImports = imports
  .filter(({ specifier }) => specifier.startsWith('.'))
  .map(({ file, specifier }) => ({ file, target: normalize(join(dirname(file), specifier)) }));

/** All that runs when a file is imported, dynamic imports left out. */
function reachedFrom(file: string, reached = new Set<string>()): ReadonlySet<string> {
  if (reached.has(file)) return reached;
  reached.add(file);
  const found = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*? from '(\.[^']+\.ts)'/gm);
  for (const [, specifier = ''] of found) reachedFrom(normalize(join(dirname(file), specifier)), reached);
  return reached;
}

const importersOf = (name: string): string[] => [
  ...new Set(imports.filter(({ specifier }) => specifier === name).map(({ file }) => dirname(file))),
];

const folderOf = (file: string): string => file.split('/').slice(0, 2).join('/');

describe('arrows run one way', () => {
  it.each([
    ['@azure/functions', ['functions']],
    ['@azure/msal-node', ['shared/msal']],
    ['@azure/data-tables', ['shared/tables']],
    ['@azure/storage-queue', ['shared/queue']],
    ['undici', ['shared/tables', 'shared/upstream']],
    ['@opentelemetry/api', ['shared/telemetry']],
    ['@opentelemetry/sdk-metrics', ['shared/telemetry']],
    ['@opentelemetry/sdk-trace-base', ['shared/telemetry']],
    ['@azure/monitor-opentelemetry-exporter', ['shared/telemetry']],
  ])('only one folder imports %s', (name, folders) => {
    expect(importersOf(name)).toEqual(folders);
  });

  it('the Functions library is in the bundle that Azure loads and in no other: one would not know the answers of another', () => {
    const files = [...new Set(imports.map(({ file }) => file))];
    const thatRun = (specifier: string): string[] =>
      files.filter((file) =>
        new RegExp(`^import (?!type)[^;]* from '${specifier}'`, 'm').test(readFileSync(file, 'utf8')),
      );
    expect(thatRun('@azure/functions')).toEqual([
      'functions/index.ts',
      'functions/library-answer.ts',
      'functions/telemetry.ts',
    ]);
    expect(thatRun('\\./library-answer\\.ts')).toEqual(['functions/when-loaded.ts']);
    for (const name of ['telemetry', 'when-loaded']) {
      expect(thatRun(`\\./${name}\\.ts`)).toEqual(['functions/index.ts']);
    }
  });

  it('how settings are read is in the bundle that reads them and in no other: each would build all of it once more', () => {
    const readsSettings = (file: string): boolean => reachedFrom(file).has('shared/settings/registry.ts');
    expect(['functions/index.ts', 'functions/handlers.ts'].filter(readsSettings)).toEqual(['functions/index.ts']);
  });

  it('the platform is asked for tokens of an identity in one place, and by the telemetry, which is there before the settings', () => {
    expect(importersOf('@azure/identity')).toEqual(['shared/managed-identity', 'shared/telemetry']);
  });

  it('the domain does not know its triggers', () => {
    expect(
      localImports.filter(({ file, target }) => file.startsWith('shared/') && !target.startsWith('shared/')),
    ).toEqual([]);
  });

  it('the core does not know its adapters', () => {
    const crossings = localImports.filter(
      ({ file, target }) =>
        file.startsWith('shared/') && folderOf(file) !== folderOf(target) && ADAPTERS.includes(folderOf(target)),
    );
    expect(crossings).toEqual([]);
  });

  it('no folder of the domain leads back to itself', () => {
    const arrows = new Map<string, Set<string>>();
    for (const { file, target } of localImports.filter(({ file }) => file.startsWith('shared/'))) {
      const [from, to] = [folderOf(file), folderOf(target)];
      if (from !== to) arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
    const circles: string[] = [];
    const walk = (folder: string, path: readonly string[]): void => {
      if (path.includes(folder)) circles.push([...path, folder].join(' → '));
      else for (const next of arrows.get(folder) ?? []) walk(next, [...path, folder]);
    };
    for (const folder of arrows.keys()) walk(folder, []);
    expect(circles).toEqual([]);
  });
});
