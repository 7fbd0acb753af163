import { type ParseArgsConfig, parseArgs } from 'node:util';

/** One line that says what is wrong with a command line. */
export interface Mistake {
  readonly mistake: string;
}

export type Options = NonNullable<ParseArgsConfig['options']>;
export type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

/** What one script takes. */
interface Taken<T extends Options> {
  /** As people call it, such as `npm run doctor`. */
  readonly script: string;
  /** All but `--help`. */
  readonly options?: T;
  /** How many words may stand beside them; none unless said. */
  readonly wordsMax?: number;
}

export interface CommandLine<T extends Options> {
  readonly values: Values<T>;
  readonly words: readonly string[];
}

/** Of every script. */
const HELP = { help: { type: 'boolean', short: 'h' } } as const satisfies Options;

/** Reads a script's command line; a mistake comes back as one line that says what is wrong. */
export function readCommandLine<const T extends Options>(
  { script, options, wordsMax = 0 }: Taken<T>,
  args: readonly string[],
): CommandLine<T> | 'help' | Mistake {
  try {
    const parsed = parseArgs({ args: [...args], allowPositionals: true, options: { ...options, ...HELP } });
    const { values, positionals: words } = parsed;
    if (values.help) return 'help';
    const tooMany = words[wordsMax];
    if (tooMany !== undefined) return mistakeOf(script, `"${tooMany}" is one word too many`);
    return { values: values as Values<T>, words };
  } catch (error) {
    const [firstSentence = ''] = (error as Error).message.split(/\.\s/);
    return mistakeOf(script, firstSentence);
  }
}

/** What is wrong, and where to read on. */
export function mistakeOf(script: string, problem: string): Mistake {
  return { mistake: `${problem} (${script} -- --help lists the options)` };
}

/** Runs a script as its command line has it, and leaves its exit code with the process: 2 for a mistake. */
export async function runCommand<T extends object>(
  given: T | 'help' | Mistake,
  help: string,
  run: (given: T) => Promise<number>,
): Promise<void> {
  outliveReader();
  if (given === 'help') {
    process.stdout.write(help);
  } else if ('mistake' in given) {
    console.error(given.mistake);
    process.exitCode = 2;
  } else {
    process.exitCode = await run(given);
  }
}

/**
 * Has the process go on where nobody reads what it prints any more, as with `| head -1`: what it does is done to its end all the
 * same, and its exit code says what came of it.
 */
export function outliveReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
