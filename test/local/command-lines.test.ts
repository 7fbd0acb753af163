import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';

/** What is not ours to answer: tools that are called as they are. */
const TOOLS = ['check', 'typecheck', 'lint', 'format', 'jest'];

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Our own scripts by the words that people type: the arguments to Node that npm has for each. */
const OURS = Object.entries(scripts)
  .filter(([name]) => !name.startsWith('pre') && !TOOLS.includes(name))
  .map(([name, command]) => {
    const typed = ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`;
    return [typed, command.replace(/^(?:exec )?node /, '').split(' ')] as const;
  });

interface Ended {
  readonly code: number | null;
  readonly said: string;
  readonly complained: string;
}

async function run(args: readonly string[], readsOutput = true): Promise<Ended> {
  // It would wait for nothing: one that does not understand its arguments must not set out on its work here.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
  if (!readsOutput) child.stdout.destroy();
  const [said, complained, [code]] = await Promise.all([
    readsOutput ? text(child.stdout) : '',
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, said, complained };
}

it('every script of package.json is known here', () => {
  expect(OURS.length).toBeGreaterThan(10);
  for (const [, [module]] of OURS) expect(module).toMatch(/^(?:local|bench|infra)\/[a-z/]+\.ts$/);
});

describe.each(OURS)('%s', (typed, args) => {
  let help: Ended;
  let unheard: Ended;
  let strange: Ended;
  beforeAll(async () => {
    [help, unheard, strange] = await Promise.all([
      run([...args, '--help']),
      run([...args, '--help'], false),
      run([...args, '--no-such-option']),
    ]);
  });

  it('says with --help how it is called, and does nothing', () => {
    expect(help).toMatchObject({ code: 0, complained: '' });
    expect(help.said.split('\n')[0]).toContain(typed.replace(/:.*/, ''));
    expect(help.said).toContain('--help');
  });

  it('ends in order where nobody reads on, as with "| head -1"', () => {
    expect(unheard).toMatchObject({ code: 0, complained: '' });
  });

  it('says in one line which argument it does not know', () => {
    expect(strange).toMatchObject({ code: 2, said: '' });
    expect(strange.complained).toMatch(/^[^\n]*--no-such-option[^\n]*-- --help[^\n]*\n$/);
  });
});

it('says in one line, too, that an option has none of what it takes', async () => {
  const { code, complained } = await run([
    'infra/keys/main.ts',
    'status',
    '--vault',
    '--app',
    'https://app.contoso.com',
  ]);
  expect(code).toBe(2);
  expect(complained).toMatch(/^[^\n]*--vault[^\n]*-- --help[^\n]*\n$/);
});

it('what a script has to do is done to its end where nobody reads on', async () => {
  const module = new URL('../../local/command-line.ts', import.meta.url).href;
  const script = `import { runCommand } from '${module}';
await runCommand({}, '', async () => {
  for (let line = 1; line <= 3; line += 1) {
    console.log(line);
    await new Promise((passed) => setTimeout(passed, 5));
  }
  return 7;
});`;
  const ended = await run(['--input-type=module', '--eval', script], false);
  expect(ended).toMatchObject({ code: 7, complained: '' });
});
