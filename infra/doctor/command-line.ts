import { type Mistake, type Options, readCommandLine, type Values } from '../../local/command-line.ts';
import { origin as originSchema } from '../../shared/settings/origin.ts';
import { readBy } from '../../shared/settings/schema.ts';

/**
 * Reads the command line of a script that is about one deployed application.
 *
 * @param script as people call it
 * @param options all but `--help`
 */
export function readCommandLineOf<const T extends Options>(
  script: string,
  args: readonly string[],
  options: T,
): { readonly origin: string; readonly values: Values<T> } | 'help' | Mistake {
  const read = readCommandLine({ script, options, wordsMax: Number.POSITIVE_INFINITY }, args);
  if (read === 'help' || 'mistake' in read) return read;
  const [given, ...more] = read.words;
  if (given === undefined || more.length > 0) {
    return { mistake: `Give the one address of the application: ${script} -- https://app.contoso.com` };
  }
  const origin = parseOrigin(given);
  return typeof origin === 'string' ? { origin, values: read.values } : origin;
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
