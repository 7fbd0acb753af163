import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compileCache } from './compile-cache.ts';
import { onAbort } from './on-abort.ts';

/** The account that every storage emulator has; public, and of no worth elsewhere. */
const ACCOUNT = 'devstoreaccount1';
const ACCOUNT_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
/** More of them, for an application whose storage is shared out: the same but for the name. */
const MORE_ACCOUNTS = ['devstoreaccount2', 'devstoreaccount3'] as const;
const HOST = '127.0.0.1';
const AZURITE_ACCOUNTS = [ACCOUNT, ...MORE_ACCOUNTS].map((name) => `${name}:${ACCOUNT_KEY}`).join(';');
/** Ended the hard way when it does not leave by itself. */
const STOP_MILLISECONDS = 3_000;
/** Ends it when this process dies first. */
const LEASH = new URL('./azurite-leash.ts', import.meta.url).href;
const LISTENING = /Azurite (Blob|Queue|Table) service is successfully listening at (http:\/\/\S+)/;

export interface AzuriteOptions {
  /** Where rows outlive the process; without it, all is kept in memory. */
  readonly folder?: string;
  /** 0, and by default: a free port. */
  readonly tablePort?: number;
  readonly queuePort?: number;
  readonly blobPort?: number;
  /** Breaks the start off. */
  readonly signal?: AbortSignal;
}

export interface Azurite {
  readonly pid: number;
  readonly tablesConnectionString: string;
  /** Storage accounts beside that one, each with tables of its own. */
  readonly moreTablesConnectionStrings: readonly [string, string];
  readonly queueConnectionString: string;
  /** For `AzureWebJobsStorage`: tables and queues. */
  readonly combinedConnectionString: string;
  /** Settles when the process has ended, whether asked to or not. */
  readonly ended: Promise<void>;
  /** Ends the process and leaves nothing behind but `folder`. */
  stop(): Promise<void>;
}

/**
 * Starts the installed Azurite, Azure Storage's emulator, as a child process on loopback; it listens when this resolves.
 *
 * @throws Error with one line that says why it did not start: a port that is taken, or its last words
 * @see https://learn.microsoft.com/azure/storage/common/storage-use-azurite
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  // Azurite writes into the directory that it runs in, even when its rows are kept in memory.
  const directory = await mkdtemp(join(tmpdir(), 'exeunt-azurite-'));
  const child = spawn(process.execPath, ['--import', LEASH, mainFile(), ...commandLine(options)], {
    cwd: directory,
    env: { PATH: process.env.PATH, AZURITE_ACCOUNTS, ...compileCache(process.env) },
    // Out of reach of a terminal's Ctrl-C: the rows' last writes are kept only if it is asked to stop, in order.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = (child.exitCode === null ? once(child, 'exit') : Promise.resolve()).then(() =>
    rm(directory, { recursive: true, force: true }),
  );
  const started = onAbort(options.signal, () => void stop(child, ended));
  const endpoints = await Promise.race([listening(child), failure(child, ended)]);
  started();
  if (typeof endpoints === 'string') throw new Error(`Azurite did not start: ${endpoints}`);
  const [queue, table] = [`QueueEndpoint=${endpoints.Queue}/${ACCOUNT}`, `TableEndpoint=${endpoints.Table}/${ACCOUNT}`];
  return {
    pid: child.pid ?? 0,
    tablesConnectionString: connectionString(table),
    moreTablesConnectionStrings: [
      connectionString(table).replaceAll(ACCOUNT, MORE_ACCOUNTS[0]),
      connectionString(table).replaceAll(ACCOUNT, MORE_ACCOUNTS[1]),
    ],
    queueConnectionString: connectionString(queue),
    combinedConnectionString: connectionString(queue, table),
    ended,
    stop: () => stop(child, ended),
  };
}

/** Its package's `main` lies beside the command that starts all three services, the only one that tells its port. */
function mainFile(): string {
  return join(createRequire(import.meta.url).resolve('azurite/package.json'), '../dist/src/azurite.js');
}

function commandLine({ folder, tablePort = 0, queuePort = 0, blobPort = 0 }: AzuriteOptions): string[] {
  const listen = [['table', tablePort] as const, ['queue', queuePort] as const, ['blob', blobPort] as const].flatMap(
    ([service, port]) => [`--${service}Host`, HOST, `--${service}Port`, String(port)],
  );
  const keep = folder === undefined ? ['--inMemoryPersistence'] : ['--location', folder];
  return ['--silent', '--disableTelemetry', '--skipApiVersionCheck', ...keep, ...listen];
}

function connectionString(...endpoints: readonly string[]): string {
  return ['DefaultEndpointsProtocol=http', `AccountName=${ACCOUNT}`, `AccountKey=${ACCOUNT_KEY}`, ...endpoints].join(
    ';',
  );
}

type Endpoints = { readonly [service in 'Blob' | 'Queue' | 'Table']: string };

/** Reads its output until all services have said where they listen, and goes on reading, so that it never waits for us. */
function listening(child: ChildProcess): Promise<Endpoints> {
  return new Promise((resolve) => {
    const found = new Map<string, string>();
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const [, service, endpoint] = LISTENING.exec(line) ?? [];
      if (service === undefined || endpoint === undefined) return;
      found.set(service, endpoint);
      if (found.size === 3) resolve(Object.fromEntries(found) as Endpoints);
    });
  });
}

/** What to say when it ended before it listened. */
async function failure(child: ChildProcess, ended: Promise<void>): Promise<string> {
  let words = '';
  child.stderr?.on('data', (chunk) => {
    words = `${words}${chunk}`.slice(-2000);
  });
  await Promise.all([ended, once(child, 'close')]);
  const taken = /EADDRINUSE\D.*?:(\d+)\s*$/m.exec(words)?.[1];
  if (taken !== undefined) return `port ${taken} is taken`;
  return words.trim().split('\n').at(-1) || `it ended with status ${child.exitCode ?? child.signalCode}`;
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
  await ended;
  clearTimeout(timer);
}
