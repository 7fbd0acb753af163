import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { freePort, portRefusal } from '../../local/free-port.ts';
import { type PrintedLines, readPrinted } from '../../local/printed-lines.ts';

jest.setTimeout(60_000);

const PORT_OPTIONS = [
  '--contoso-port',
  '--fabrikam-port',
  '--op-port',
  '--api-port',
  '--tables-port',
  '--queues-port',
  '--graph-port',
];

interface Started extends PrintedLines {
  readonly child: ChildProcess;
  readonly ports: readonly number[];
  readonly exited: Promise<number | null>;
}

const running: ChildProcess[] = [];

async function start(...more: string[]): Promise<Started> {
  const ports: number[] = [];
  for (const _ of PORT_OPTIONS) ports.push(await freePort());
  const args = ['local/start.ts', ...PORT_OPTIONS.flatMap((option, index) => [option, String(ports[index])]), ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  return {
    child,
    ports,
    ...readPrinted([child.stdout, child.stderr]),
    exited: once(child, 'close').then(([code]) => code as number | null),
  };
}

const isFree = async (port: number): Promise<boolean> => (await portRefusal(port)) === null;

afterEach(async () => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill('SIGTERM');
});

describe('npm start', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('shows what runs and where, and ends all of it on %s', async (signal) => {
    const started = await start();
    await started.line(/Ctrl-C ends all of it/);
    const shown = started.lines.join('\n');
    for (const port of started.ports.slice(0, 5)) expect(shown).toContain(`:${port}`);
    expect((await fetch(`http://127.0.0.1:${started.ports[0]}/health`)).status).toBe(200);
    const op = await fetch(`http://127.0.0.1:${started.ports[2]}/`);
    expect({ status: op.status, page: await op.text() }).toEqual({
      status: 200,
      page: expect.stringContaining('/rows'),
    });

    started.child.kill(signal);
    expect(await started.exited).toBe(0);
    for (const port of started.ports) expect(await isFree(port)).toBe(true);
  });

  it.each([
    ['--contoso-port', 'Contoso'],
    ['--fabrikam-port', 'Fabrikam'],
    ['--op-port', 'the OpenID provider'],
    ['--api-port', 'the downstream API'],
    ['--tables-port', 'Table Storage'],
    ['--queues-port', 'Queue Storage'],
    ['--graph-port', 'Microsoft Graph'],
  ])('says in one line that the port of %s is taken, and leaves nothing running', async (option, part) => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const started = await start(option, String(port));
    expect(await started.exited).toBe(1);
    expect(started.lines).toEqual([`Port ${port}, for ${part}, is taken: choose another with ${option}.`]);
    for (const used of started.ports) expect(await isFree(used)).toBe(true);
    holder.close();
  });

  it.each([
    ['the storage', 4, 'SIGINT'],
    ['the OpenID provider', 2, 'SIGINT'],
  ] as const)(
    'shows nothing and leaves nothing behind when %s has just come up and it gets a signal',
    async (_part, index, signal) => {
      const started = await start();
      await listening(started, index);
      started.child.kill(signal);
      expect(await started.exited).toBe(0);
      expect(started.lines).toEqual([]);
      for (const port of started.ports) expect(await isFree(port)).toBe(true);
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves nothing behind when the first application has just come up and it gets a %s',
    async (signal) => {
      const started = await start();
      await listening(started, 0);
      // Whether the second came up before it, and the table was shown, is up to the machine.
      started.child.kill(signal);
      expect(await started.exited).toBe(0);
      for (const port of started.ports) expect(await isFree(port)).toBe(true);
    },
  );

  it('takes the other application down where one does not come up', async () => {
    const started = await start();
    await listening(started, 4);
    // Too late for the look at all ports, long before the application takes its own.
    const holder = createServer().listen(started.ports[0], '127.0.0.1');
    await once(holder, 'listening');
    expect(await started.exited).toBe(1);
    expect(started.lines).toEqual([`host: port ${started.ports[0]} is taken`]);
    for (const port of started.ports.slice(1)) expect(await isFree(port)).toBe(true);
    holder.close();
  });

  it('ends with one line when an application dies', async () => {
    const started = await start();
    await started.line(/Ctrl-C ends all of it/);
    process.kill(await hostOf(started.child.pid as number), 'SIGKILL');
    expect(await started.exited).toBe(1);
    expect(started.lines.at(-1)).toMatch(/^(Contoso|Fabrikam) has ended unexpectedly\.$/);
    for (const port of started.ports) expect(await isFree(port)).toBe(true);
  });

  it('says in one line what is wrong with an option', async () => {
    const started = await start('--dialect', 'french');
    expect(await started.exited).toBe(2);
    expect(started.lines).toEqual(['--dialect takes entra or standard']);
  });
});

/** Nothing is printed before all is up, so that the port itself has to be asked. */
async function listening({ child, exited, lines, ports }: Started, index: number): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(ports[index] as number, '127.0.0.1');
    const outcome = await once(socket, 'connect').catch(() => null);
    socket.destroy();
    if (outcome !== null) return;
  }
  await exited;
  throw new Error(`it ended before: ${lines.join(' / ')}`);
}

/** The process of one of the applications, found among the children of `npm start`'s process. */
async function hostOf(parent: number): Promise<number> {
  const ps = spawn('ps', ['-o', 'pid=,args=', '--ppid', String(parent)]);
  let text = '';
  ps.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await once(ps, 'close');
  const host = text.split('\n').find((line) => line.includes('host/main.ts'));
  return Number(host?.trim().split(/\s+/)[0]);
}
