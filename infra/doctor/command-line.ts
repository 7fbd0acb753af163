import { type ParseArgsConfig, parseArgs } from 'node:util';
import { origin as originSchema } from '../../shared/settings/origin.ts';
import { readBy } from '../../shared/settings/schema.ts';

/** One line that says what is wrong with a command line. */
export interface Mistake {
  readonly mistake: string;
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

/** Of every such command. */
const HELP = { help: { type: 'boolean', short: 'h' } } as const satisfies Options;

/**
 * Reads the command line of a script that is about one deployed application.
 *
 * @param script what npm calls it
 * @param options all but `--help`
 */
export function readCommandLine<const T extends Options>(
  script: string,
  args: readonly string[],
  options: T,
): { readonly origin: string; readonly values: Values<T> } | 'help' | Mistake {
  const parsed = parse(script, args, options);
  if ('mistake' in parsed) return parsed;
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) {
    return { mistake: `Give the one address of the application: npm run ${script} -- https://app.contoso.com` };
  }
  const origin = parseOrigin(given);
  return typeof origin === 'string' ? { origin, values: values as Values<T> } : origin;
}

function parse(script: string, args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { ...options, ...HELP } });
  } catch (error) {
    const [firstSentence] = (error as Error).message.split('. ');
    return { mistake: `${firstSentence} (npm run ${script} -- --help lists the options)` };
  }
}

/**
 * An application's origin as a person types it: a slash at the end is no mistake.
 *
 * @returns the origin in the form in which browsers send it, or one line that says what is wrong
 */
function parseOrigin(given: string): string | Mistake {
  const parsed = readBy(originSchema, given.replace(/\/$/, ''));
  return parsed.ok ? parsed.value : { mistake: `The address ${parsed.issues[0].message}` };
}

/** Runs a command as its command line has it, and leaves its exit code with the process: 2 for a mistake. */
export async function runCommand<T extends object>(
  options: T | 'help' | Mistake,
  help: string,
  run: (options: T) => Promise<number>,
): Promise<void> {
  if (options === 'help') {
    process.stdout.write(help);
  } else if ('mistake' in options) {
    console.error(options.mistake);
    process.exitCode = 2;
  } else {
    process.exitCode = await run(options);
  }
}
