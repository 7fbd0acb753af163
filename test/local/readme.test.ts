import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ROUTES_DO } from '../../local/readme/endpoints.ts';
import { renderReadme } from '../../local/readme/render.ts';

const readme = readFileSync('README.md', 'utf8');
const { version, dependencies, scripts: ours } = JSON.parse(readFileSync('package.json', 'utf8'));

describe('the README', () => {
  it('has the doors, endpoints and settings that the code has, in its words: `node local/readme.ts` writes them', () => {
    expect(renderReadme(readme)).toBe(readme);
  });

  it.each(['doors', 'endpoints', 'settings'])('without a place for %s is told so', (name) => {
    expect(() => renderReadme(readme.replace(`<!-- ${name}: begin -->`, ''))).toThrow(name);
  });

  it('names query parameters that are read somewhere', () => {
    const sources = ['functions', 'shared'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
    );
    for (const parameter of Object.values(ROUTES_DO).flatMap(({ query = [] }) => query)) {
      expect({ parameter, read: sources.some((source) => source.includes(`'${parameter}'`)) }).toEqual({
        parameter,
        read: true,
      });
    }
  });

  it('says of every production dependency what it is for', () => {
    const [, table = ''] = readme.split('| production dependency |');
    const named = [...(table.split('\n\n')[0] ?? '').matchAll(/`([@a-z/0-9-]+)`/g)].map(([, name]) => name);
    // `-sdk-metrics` beside `@opentelemetry/resources` is of the same scope.
    const isNamed = (dependency: string) =>
      named.some((name = '') => name === dependency || (/^-./.test(name) && dependency.endsWith(`/${name.slice(1)}`)));
    expect(Object.keys(dependencies).filter((dependency) => !isNamed(dependency))).toEqual([]);
  });

  it('names every npm script that people run', () => {
    const parts = ['typecheck', 'lint', 'jest'];
    const forPeople = Object.keys(ours).filter((name) => !name.startsWith('pre') && !parts.includes(name));
    const asRun = (name: string) => new RegExp(`npm (run )?${name}(?![a-z:-])`);
    expect(forPeople.filter((name) => !asRun(name).test(readme))).toEqual([]);
  });

  it('names no npm script that is not there', () => {
    const scripts = [...readme.matchAll(/npm (?:run )?([a-z][a-z0-9-]*(?::[a-z0-9-]+)*)/g)].map(
      ([, name = '']) => name,
    );
    const builtIn = ['ci', 'alone'];
    for (const script of scripts.filter((name) => !builtIn.includes(name))) {
      expect(Object.keys(ours)).toContain(script);
    }
  });
});

it('CHANGELOG.md says what is in the version that package.json has', () => {
  expect(readFileSync('CHANGELOG.md', 'utf8')).toContain(`\n## [${version}] - 20`);
});
