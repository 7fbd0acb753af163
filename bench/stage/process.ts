import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Question, Usage } from './probe.ts';

const PROBE = new URL('probe.ts', import.meta.url).href;
const LISTENING = /^host: listening on (http:\/\/127\.0\.0\.1:\d+)$/;
const STOP_MILLISECONDS = 5_000;
/**
 * A process that has nothing to do for some seconds is made by V8 to give back what of its heap it does not need, and code with it:
 * it then pays up to twice as much a call for a while. Subjects that wait for each other's turns would be measured at that, and no
 * server under load waits.
 */
const STAYS_WARM = '--no-memory-reducer';

export interface ProcessOptions {
  /** What is run, and its arguments. */
  readonly run: readonly string[];
  /** All that it sees of the environment but for `PATH` and `HOME`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Modules that are loaded before it, as URLs. */
  readonly preload?: readonly string[];
}

/** A Node process with a probe in it. */
export interface Probed {
  readonly origin: string;
  readonly pid: number;
  usage(): Promise<Usage>;
  /** What its objects fill after a collection, bytes. */
  heapBytes(): Promise<number>;
  beginProfile(): Promise<void>;
  endProfile(file: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts it and waits until it listens.
 *
 * @throws Error with its last words, when it ends before that
 */
export async function startProcess({ run, environment, preload = [] }: ProcessOptions): Promise<Probed> {
  const imports = [PROBE, ...preload].flatMap((url) => ['--import', url]);
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [STAYS_WARM, ...imports, ...run], {
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let words = '';
  child.stderr?.on('data', (chunk) => {
    words = `${words}${chunk}`.slice(-4_000);
  });
  const exited = once(child, 'close');
  const listening = Promise.withResolvers<string>();
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    const [, origin] = LISTENING.exec(line) ?? [];
    if (origin !== undefined) listening.resolve(origin);
  });
  exited.then(() => listening.reject(new Error(`${run.join(' ')} ended: ${words}`)));
  const origin = await listening.promise;

  const ask = async (question: Question): Promise<unknown> => {
    const told = Promise.withResolvers<unknown>();
    child.once('message', told.resolve);
    child.send(question);
    const ended = exited.then(() => Promise.reject(new Error(`${run.join(' ')} ended: ${words}`)));
    return Promise.race([told.promise, ended]);
  };
  return {
    origin,
    pid: child.pid as number,
    usage: () => ask({ ask: 'usage' }) as Promise<Usage>,
    heapBytes: () => ask({ ask: 'heap' }) as Promise<number>,
    beginProfile: async () => void (await ask({ ask: 'profile' })),
    endProfile: async (file) => void (await ask({ ask: 'profiled', file })),
    async stop() {
      child.kill();
      const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
      await exited;
      clearTimeout(hard);
    },
  };
}
