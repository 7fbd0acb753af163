import { execFileSync, spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

const MAIN = 'infra/main.bicep';

/** How Bicep is called here; null where it is not there. Our own reader knows the syntax, and not what each resource takes. */
function findBicep(): readonly string[] | null {
  const ways = [['bicep'], ['az', 'bicep']];
  return ways.find((way) => answers([...way, way.length === 1 ? '--version' : 'version'])) ?? null;
}

function answers([command = '', ...args]: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const bicep = findBicep();
const where = bicep === null ? ' (skipped: neither "bicep" nor "az bicep" is on the PATH)' : '';

/** What Bicep finds wrong. It says so on the error stream, and a warning does not make it fail. */
function diagnosticsOf({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): readonly string[] {
  return `${stdout}\n${stderr}`.split('\n').filter((line) => /\) : (?:Warning|Error) [\w-]+: /.test(line));
}

it('what Bicep warns of is seen, wherever it says so', () => {
  const warning = '/a/main.bicep(12,7) : Warning BCP037: The property "foo" is not allowed. [https://aka.ms/bicep]';
  expect(diagnosticsOf({ stdout: '', stderr: `WARNING: ${warning}\n` })).toEqual([`WARNING: ${warning}`]);
  expect(diagnosticsOf({ stdout: `${warning}\n`, stderr: '' })).toEqual([warning]);
  expect(diagnosticsOf({ stdout: '', stderr: '/a/main.bicep(1,1) : Info use-recent: …' })).toEqual([]);
});

(bicep === null ? it.skip : it)(`Bicep itself compiles and lints the templates without a warning${where}`, () => {
  const [command = '', ...first] = bicep ?? [];
  const file = first.length === 0 ? [MAIN] : ['--file', MAIN];
  const run = (args: readonly string[]) => spawnSync(command, [...first, ...args], { encoding: 'utf8' });
  const built = run(['build', ...file, '--stdout']);
  expect(diagnosticsOf(built)).toEqual([]);
  expect(JSON.parse(built.stdout).$schema).toContain('deploymentTemplate');
  const linted = run(['lint', ...file]);
  expect(diagnosticsOf(linted)).toEqual([]);
  expect(linted.status).toBe(0);
});
