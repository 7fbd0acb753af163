import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as passed } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../../local/free-port.ts';
import { send } from './support/wire.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LISTENING = /^host: listening on (\S+)$/;
/** npm itself takes a second or two to begin. */
const PATIENCE_MILLISECONDS = 15_000;

interface Command {
  readonly pid: number;
  readonly lines: readonly string[];
  /** Where it listens; rejects when it ends before it does. */
  readonly origin: Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

const started: Command[] = [];
afterEach(() => {
  for (const { pid } of started.splice(0)) if (isGroupAlive(pid)) process.kill(-pid, 'SIGKILL');
});

/** `npm run host` as a person types it, in a process group of its own, as a terminal gives each command. */
function npmRunHost(environment: Readonly<Record<string, string>>): Command {
  const { PATH = '', HOME = '' } = process.env;
  const path = [join(ROOT, 'node_modules/.bin'), PATH].join(delimiter);
  const child = spawn('npm', ['run', 'host'], {
    cwd: ROOT,
    env: { HOME, PATH: path, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const lines: string[] = [];
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const origin = new Promise<string>((resolve, reject) => {
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on('line', (line) => {
        lines.push(line);
        const [, listening] = LISTENING.exec(line) ?? [];
        if (listening !== undefined) resolve(listening);
      });
    }
    void ended.then(() => reject(new Error(lines.join('\n'))));
  });
  origin.catch(() => undefined);
  const command = { pid: child.pid ?? 0, lines, origin, ended };
  started.push(command);
  return command;
}

function isGroupAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** An orphan is reaped by another process, when that comes to it: nothing tells us but looking. */
async function groupGone(pid: number): Promise<void> {
  while (isGroupAlive(pid)) await passed(20);
}

describe('npm run host', () => {
  it.each([
    ['SIGTERM', 'npm', (pid: number) => pid],
    ['SIGINT', 'npm', (pid: number) => pid],
    ['SIGTERM', 'its whole process group', (pid: number) => -pid],
    ['SIGINT', 'its whole process group, as Ctrl-C does', (pid: number) => -pid],
  ] as const)(
    'serves on PORT, and ends by %s to %s: no process left, the port free',
    async (signal, _whom, target) => {
      const port = await freePort();
      const { pid, origin, ended } = npmRunHost({ PORT: String(port) });
      expect(await origin).toBe(`http://127.0.0.1:${port}`);
      expect((await send(`http://127.0.0.1:${port}/health`)).status).toBe(200);
      process.kill(target(pid), signal);
      await ended;
      await groupGone(pid);
      const successor = createServer().listen(port, '127.0.0.1');
      await once(successor, 'listening');
      successor.close();
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'exits with 0 when it is asked to end',
    async () => {
      const { pid, origin, ended, lines } = npmRunHost({ PORT: '0' });
      await origin;
      process.kill(pid, 'SIGTERM');
      expect({ ...(await ended), said: lines.filter((line) => /error|ELIFECYCLE/i.test(line)) }).toEqual({
        code: 0,
        signal: null,
        said: [],
      });
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    'says in one line that its port is taken, and fails',
    async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as { port: number };
      const { ended, lines } = npmRunHost({ PORT: String(port) });
      expect((await ended).code).toBe(1);
      expect(lines).toContain(`host: port ${port} is taken`);
      other.close();
    },
    PATIENCE_MILLISECONDS,
  );
});
