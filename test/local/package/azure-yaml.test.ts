import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const { services, hooks, infra } = parse(readFileSync('azure.yaml', 'utf8'));
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

type Hook = { readonly run: string };
type Hooks = Readonly<Record<string, { readonly posix: Hook; readonly windows: Hook }>>;
const commands = (those: Hooks) =>
  Object.entries(those).flatMap(([name, { posix, windows }]) => [
    [name, posix],
    [name, windows],
  ]);

describe('azure.yaml', () => {
  it('deploys what npm run package has made, as it is', () => {
    expect(services.api).toMatchObject({ project: '.', host: 'function', dist: 'release/app', remoteBuild: false });
    expect(readFileSync('local/package.ts', 'utf8')).toContain("join(release, 'app')");
  });

  it('is not contradicted by a .funcignore: azd refuses remoteBuild: false where that leaves node_modules out', () => {
    expect(existsSync('.funcignore')).toBe(false);
  });

  it('provisions what is in infra/', () => {
    expect(infra).toEqual({ provider: 'bicep', path: 'infra', module: 'main' });
  });

  it('does the same on every system', () => {
    for (const [name, { posix, windows }] of Object.entries({ ...hooks, ...services.api.hooks } as Hooks)) {
      expect([name, posix]).toEqual([name, { shell: 'sh', run: windows.run }]);
      expect([name, windows]).toEqual([name, { shell: 'pwsh', run: posix.run }]);
    }
  });

  it('runs scripts of package.json alone, by npm, so that they have its Node.js', () => {
    const runs = [...commands(hooks), ...commands(services.api.hooks)].map(([, hook]) => (hook as Hook).run);
    for (const run of new Set(runs)) {
      const [, script] = /^npm (?:ci$|run ([a-z]+)(?: [a-z-]+)*$)/.exec(run) ?? [null, 'none'];
      expect([run, script === undefined || script in scripts]).toEqual([run, true]);
    }
  });
});
