import { fileURLToPath } from 'node:url';
import { freePort } from '../../local/free-port.ts';
import { ANSWER_TO_NOBODY, answerTo } from '../stage/answer.ts';
import { type Probed, startProcess } from '../stage/process.ts';
import type { Stage, StagedUser } from '../stage/stage.ts';

/** In the order in which they take their turns. */
export const SUBJECTS = ['floor', 'exeunt', 'host-nothing', 'bare-http', 'usual', 'usual-rolling'] as const;

export type SubjectName = (typeof SUBJECTS)[number];

/** Those that ask no storage and no upstream: what they cost is taken off others, or added. */
export const asksNobody = (name: SubjectName): boolean => name === 'host-nothing' || name === 'bare-http';

/** Where storage is: the emulator, or in the subject's own process, which has an answer after a fixed time. */
export const STORED = ['azurite', '3ms'] as const;

export type Storage = (typeof STORED)[number];

/** A server under test, and what its callers send and must be answered. */
export interface Subject extends Probed {
  readonly name: SubjectName;
  cookieOf(user: StagedUser): string;
  answerTo(user: StagedUser): string;
}

const CANNED_STORAGE = new URL('../stage/canned-storage.ts', import.meta.url).href;

/** @param tablesConnectionString another way to the stage's own storage */
export async function startSubject(
  stage: Stage,
  name: SubjectName,
  storage: Storage,
  tablesConnectionString = stage.tablesConnectionString,
): Promise<Subject> {
  const { run, environment } = await commandOf(stage, name);
  const started = await startProcess({
    run,
    environment: {
      ...environment,
      TABLES_CONNECTION_STRING: tablesConnectionString,
      BENCH_STORAGE_HOST: new URL(tableEndpointOf(tablesConnectionString)).host,
    },
    preload: storage === '3ms' ? [CANNED_STORAGE] : [],
  });
  const form = name === 'exeunt' || name === 'floor' ? name : 'usual';
  return {
    ...started,
    name,
    cookieOf: ({ cookies }) => cookies[form],
    answerTo: ({ id }) => (asksNobody(name) ? ANSWER_TO_NOBODY : answerTo(id)),
  };
}

export const tableEndpointOf = (connectionString: string): string =>
  /TableEndpoint=([^;]+)/.exec(connectionString)?.[1] ?? '';

interface Command {
  readonly run: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const HOST = pathOf('../../local/host/main.ts');

async function commandOf({ environment, exeuntEnvironment }: Stage, name: SubjectName): Promise<Command> {
  switch (name) {
    case 'floor':
      return { run: [pathOf('floor.ts')], environment };
    case 'bare-http':
      return { run: [pathOf('bare-http.ts')], environment };
    case 'usual':
      return { run: [pathOf('usual/usual.ts')], environment };
    case 'usual-rolling':
      return { run: [pathOf('usual/usual.ts')], environment: { ...environment, ROLLING: 'true' } };
    case 'host-nothing':
      return { run: [HOST, pathOf('host-nothing')], environment: { PORT: '0', BENCH_ANSWER: ANSWER_TO_NOBODY } };
    case 'exeunt': {
      // It answers only under its own origin, so its port is known before it starts. The rest is `npm run host`.
      const port = await freePort();
      return { run: [HOST, pathOf('../..')], environment: { ...exeuntEnvironment(port), PORT: String(port) } };
    }
  }
}
