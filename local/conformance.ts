/** `npm run conformance`: writes `docs/conformance.md`, tries every requirement, and prints what came of each. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Requirement, Spec } from '../test/conformance/catalogue.ts';
import { remarkOf, renderCatalogue, totalsOf } from '../test/conformance/render.ts';
import { SPECS } from '../test/conformance/specs.ts';
import { readCommandLine, runCommand } from './command-line.ts';
import { JEST } from './jest.ts';

/** What is read of jest's report. */
interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly TestResult[] }[];
}

interface TestResult {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
}

const HELP = `npm run conformance

Tries every requirement of the specs that binds a relying party, prints what came of each, and writes docs/conformance.md.

  --help  this text
`;

await runCommand(readCommandLine({ script: 'npm run conformance' }, process.argv.slice(2)), HELP, tryAll);

/** What a step says goes to stderr alone: stdout is the table's. */
function run(step: readonly string[]): number {
  return spawnSync(process.execPath, step, { stdio: ['ignore', 'ignore', 'inherit'] }).status ?? 1;
}

async function tryAll(): Promise<number> {
  writeFileSync('docs/conformance.md', renderCatalogue(SPECS));
  if (run(['local/build.ts']) !== 0) return 1;
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const outputFile = join(folder, 'report.json');
  try {
    const status = run([...JEST, '--selectProjects', 'conformance', '--json', `--outputFile=${outputFile}`]);
    const { testResults } = JSON.parse(readFileSync(outputFile, 'utf8')) as Report;
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    for (const spec of SPECS) print(spec, tests);
    return status;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(spec: Spec, tests: readonly TestResult[]): void {
  const ofSpec = tests.filter(({ ancestorTitles }) => ancestorTitles[0] === spec.title);
  const { requirements, verdicts } = totalsOf(spec);
  console.log(`\n${spec.title}`);
  for (const { section, requirements } of spec.sections) {
    for (const requirement of requirements) {
      console.log(`  ${section.padEnd(10)}${requirement.keyword.padEnd(16)}${requirement.says}`);
      console.log(`  ${' '.repeat(26)}${resultOf(requirement, ofSpec)}`);
    }
  }
  const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  console.log(`  ${requirements} requirements: ${counts.join(', ')}`);
}

/** A requirement that needs no test is as the catalogue says; one that does is what its test says. */
function resultOf(requirement: Requirement, tests: readonly TestResult[]): string {
  if (requirement.notApplicable !== undefined) return remarkOf(requirement);
  const test = tests.find(
    ({ title }) => title.startsWith(`${requirement.id}:`) || title.startsWith(`${requirement.id},`),
  );
  return test?.status === 'passed' ? remarkOf(requirement) : `FAILED (${requirement.id})`;
}
