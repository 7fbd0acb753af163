import type { Mistake } from '../../local/command-line.ts';
import { readCommandLineOf } from './command-line.ts';

export interface DoctorOptions {
  /** The application's, as browsers write origins. */
  readonly origin: string;
  /** Between two looks; null looks once. */
  readonly everySeconds: number | null;
  readonly json: boolean;
  /** The OP's discovery document, where it is not found by the sign-in's address. */
  readonly metadataUrl: string | null;
  /** `name/path` of a call that `DOWNSTREAM_APIS` allows. */
  readonly api: string | null;
  readonly triesInvocationId: boolean;
}

export const HELP = `npm run doctor -- https://app.contoso.com [options]

Asks a deployed application, and its OpenID provider (OP), and says what is misconfigured. Signs nobody in or out.

  --every TIME            look again and again (30s, 15m, 6h, 1d) and tell what has changed
  --json                  for machines: one JSON document a line
  --metadata URL          the OP's discovery document, where it is not found by itself
  --api NAME/PATH         a GET that DOWNSTREAM_APIS allows, such as graph/me, where the built-in page is off
  --try-invocation-id     also ask whether a caller's x-ms-invocation-id is taken away in front; where it is not,
                          that one request stays in the instance's memory until it ends
  --help                  this text

Ends with 0 where nothing is wrong, 1 where something is, 2 where it cannot be asked.
`;

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const EVERY_SECONDS_MIN = 1;
/** A timer of Node's holds 24.8 days. */
const EVERY_SECONDS_MAX = 24 * 86_400;

const OPTIONS = {
  every: { type: 'string' },
  json: { type: 'boolean' },
  metadata: { type: 'string' },
  api: { type: 'string' },
  'try-invocation-id': { type: 'boolean' },
} as const;

/** Parses the command line; a mistake comes back as one line that says what is wrong. */
export function parseOptions(args: readonly string[]): DoctorOptions | 'help' | Mistake {
  const read = readCommandLineOf('npm run doctor', args, OPTIONS);
  if (read === 'help' || 'mistake' in read) return read;
  const { origin, values } = read;
  const everySeconds = values.every === undefined ? null : secondsOf(values.every);
  if (everySeconds !== null && !(everySeconds >= EVERY_SECONDS_MIN && everySeconds <= EVERY_SECONDS_MAX)) {
    return { mistake: '--every takes a time such as 30s, 15m, 6h or 1d, at most 24d' };
  }
  const triesInvocationId = values['try-invocation-id'] ?? false;
  if (triesInvocationId && everySeconds !== null) {
    return { mistake: '--try-invocation-id goes without --every: each try may stay in memory' };
  }
  const metadataUrl = values.metadata ?? null;
  if (metadataUrl !== null && !/^https?:\/\//.test(metadataUrl)) {
    return { mistake: '--metadata takes the address of a discovery document, which begins with https://' };
  }
  const api = values.api ?? null;
  if (api !== null && !/^[A-Za-z0-9_-]+(?:\/[\w.~%-]+)*$/.test(api)) {
    return { mistake: '--api takes a name of DOWNSTREAM_APIS and a path of it, such as graph/me' };
  }
  return {
    origin,
    everySeconds,
    json: values.json ?? false,
    metadataUrl,
    api,
    triesInvocationId,
  };
}

function secondsOf(text: string): number {
  const [, count, unit = ''] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  return Number(count) * (UNIT_SECONDS[unit] ?? Number.NaN);
}
