import { execFileSync } from 'node:child_process';
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

(bicep === null ? it.skip : it)(`Bicep itself compiles and lints the templates without a warning${where}`, () => {
  const [command = '', ...first] = bicep ?? [];
  const file = first.length === 0 ? [MAIN] : ['--file', MAIN];
  const run = (args: readonly string[]) =>
    execFileSync(command, [...first, ...args], { encoding: 'utf8', stdio: 'pipe' });
  expect(JSON.parse(run(['build', ...file, '--stdout'])).$schema).toContain('deploymentTemplate');
  expect(run(['lint', ...file])).not.toMatch(/: (?:Warning|Error) /);
});
