import { fileURLToPath } from 'node:url';
import { freePort } from '../../local/free-port.ts';
import { ANSWER_TO_NOBODY, answerTo } from '../stage/answer.ts';
import { type Probed, startProcess } from '../stage/process.ts';
import type { Stage, StagedUser } from '../stage/stage.ts';

/** In the order in which they take their turns. */
export const SUBJECTS = ['floor', 'exeunt', 'host-nothing', 'bare-http', 'usual', 'usual-rolling'] as const;

export type SubjectName = (typeof SUBJECTS)[number];

/** A server under test, and what its callers send and must be answered. */
export interface Subject extends Probed {
  readonly name: SubjectName;
  cookieOf(user: StagedUser): string;
  answerTo(user: StagedUser): string;
}

export interface Start {
  /** Modules that are loaded before the subject, as URLs. */
  readonly preload?: readonly string[];
  /** Over what the stage gives. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startSubject(stage: Stage, name: SubjectName, start: Start = {}): Promise<Subject> {
  const { run, environment } = await commandOf(stage, name);
  const started = await startProcess({
    run,
    environment: { ...environment, ...start.environment },
    ...(start.preload && { preload: start.preload }),
  });
  const form = name === 'exeunt' || name === 'floor' ? name : 'usual';
  const asksNobody = name === 'host-nothing' || name === 'bare-http';
  return {
    ...started,
    name,
    cookieOf: ({ cookies }) => cookies[form],
    answerTo: ({ id }) => (asksNobody ? ANSWER_TO_NOBODY : answerTo(id)),
  };
}

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
