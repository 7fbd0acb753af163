import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { compileCache } from '../compile-cache.ts';
import { onAbort } from '../on-abort.ts';
import { type PrintedLines, readPrinted } from '../printed-lines.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const LISTENING = /^host: listening on (http:\/\/127\.0\.0\.1:(\d+))$/;

export interface SpawnOptions {
  /** The app's settings, and all that it sees of the environment but for `PATH` and `HOME`. */
  environment: Readonly<Record<string, string>>;
  /** Default 0: any that is free. */
  port?: number;
  /**
   * The folder with package.json and host.json; by default the one that `APP_ROOT` names, which is where `npm test` has put what
   * is deployed, or else the working directory.
   */
  appRoot?: string;
  /** Called with each line of output, stdout and stderr. */
  onLine?: (line: string) => void;
  /** Breaks the start off. */
  signal?: AbortSignal;
}

export interface HostExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface SpawnedHost extends PrintedLines {
  origin: string;
  port: number;
  pid: number;
  /** Resolves when the process has ended, by itself or not. */
  exited: Promise<HostExit>;
  /** Sends a signal (default SIGTERM) unless the process has ended; resolves when it has. */
  stop(signal?: NodeJS.Signals): Promise<HostExit>;
}

/**
 * Starts the local host in a process of its own and waits until it listens.
 *
 * @throws Error with what the process wrote to stderr, when it ends before it listens
 */
export async function spawnHost({
  environment,
  port = 0,
  appRoot = process.env.APP_ROOT,
  onLine,
  signal,
}: SpawnOptions): Promise<SpawnedHost> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [MAIN, ...(appRoot ? [appRoot] : [])], {
    env: { PATH, HOME, ...compileCache(process.env), ...environment, PORT: String(port) },
    // Ctrl-C goes to a terminal's whole process group; a host in a group of its own is ended by whoever started it, in order.
    detached: true,
    // Nothing is sent over the channel: when this process dies, however it does, the host sees it close and ends too.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  const exited = new Promise<HostExit>((resolve, reject) => {
    child.once('error', reject);
    // Not `exit`: its output may still be on the way then.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });

  const errors: string[] = [];
  const listening = Promise.withResolvers<{ origin: string; port: number }>();
  const printed = readPrinted([child.stdout, child.stderr], (line, output) => {
    if (output === child.stderr) errors.push(line);
    onLine?.(line);
    const match = LISTENING.exec(line);
    if (match?.[1]) listening.resolve({ origin: match[1], port: Number(match[2]) });
  });
  exited.then(
    ({ code, signal }) => listening.reject(new Error(errors.join('\n') || `the host ended (${signal ?? code})`)),
    listening.reject,
  );
  const started = onAbort(signal, () => child.kill());
  const address = await listening.promise;
  started();
  return {
    ...address,
    pid: child.pid as number,
    ...printed,
    exited,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
  };
}
