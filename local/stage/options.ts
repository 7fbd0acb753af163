import { type Mistake, readCommandLine } from '../command-line.ts';

/** What `npm start -- …` can be told. */
export interface StartOptions {
  readonly contosoPort: number;
  readonly fabrikamPort: number;
  readonly opPort: number;
  readonly apiPort: number;
  readonly graphPort: number;
  readonly tablesPort: number;
  readonly queuesPort: number;
  /** Life time of the OP's access tokens. */
  readonly tokenSeconds: number;
  /** How the OP calls the front channel: Entra ID's way (`sid` alone) or the standard's (`iss` and `sid`). */
  readonly dialect: 'entra' | 'standard';
  /** Whether the OP calls the back channel too, which Entra ID does not. */
  readonly backChannel: boolean;
  /** Whether the applications have a managed identity in the place of every secret. */
  readonly secretless: boolean;
  /** Folder in which the tables outlive a restart; null keeps them in memory. */
  readonly persist: string | null;
}

export const HELP = `npm start -- [options]

Brings up, on this machine: Azurite, a local OpenID provider, a downstream API, and two applications.

  --contoso-port N    first application                    (7071)
  --fabrikam-port N   second application                   (7072)
  --op-port N         OpenID provider                      (8400)
  --api-port N        downstream API                       (8401)
  --graph-port N      Microsoft Graph, of the directory    (8402)
  --tables-port N     Azurite's Table Storage              (10002)
  --queues-port N     Azurite's Queue Storage              (10001)
  --token-seconds N   life time of access tokens           (300)
  --dialect NAME      front-channel logout as Entra ID calls it (entra: sid alone)
                      or as the standard says (standard: iss and sid)   (entra)
  --back-channel      the provider calls the back channel too, as Entra ID does not
  --secretless        the applications have a managed identity, as in Azure, and no secret:
                      the provider and the storage take its tokens, and nothing else
  --persist FOLDER    keep the tables there; without it they are kept in memory. The provider forgets
                      all the same: a session that was kept ends when it needs a new token
  --help              this text
`;

const PORTS = [
  'contoso-port',
  'fabrikam-port',
  'op-port',
  'api-port',
  'graph-port',
  'tables-port',
  'queues-port',
] as const;
const text = (value: string) => ({ type: 'string', default: value }) as const;
const OPTIONS = {
  'contoso-port': text('7071'),
  'fabrikam-port': text('7072'),
  'op-port': text('8400'),
  'api-port': text('8401'),
  'graph-port': text('8402'),
  'tables-port': text('10002'),
  'queues-port': text('10001'),
  'token-seconds': text('300'),
  dialect: text('entra'),
  'back-channel': { type: 'boolean' },
  secretless: { type: 'boolean' },
  persist: { type: 'string' },
} as const;

/** Parses the command line; a mistake comes back as one line that says what is wrong. */
export function parseOptions(args: readonly string[]): StartOptions | 'help' | Mistake {
  const parsed = readCommandLine({ script: 'npm start', options: OPTIONS }, args);
  if (parsed === 'help' || 'mistake' in parsed) return parsed;
  const { values } = parsed;
  const ports = new Map<string, number>();
  for (const name of PORTS) {
    const port = wholeNumber(values[name], 65_535);
    if (port === null) return { mistake: `--${name} takes a port number from 1 to 65535` };
    const taken = [...ports].find(([, other]) => other === port);
    if (taken) return { mistake: `--${name} and --${taken[0]} cannot both be ${port}` };
    ports.set(name, port);
  }
  const tokenSeconds = wholeNumber(values['token-seconds'], 86_400);
  if (tokenSeconds === null) return { mistake: '--token-seconds takes a whole number from 1 to 86400' };
  const { dialect } = values;
  if (dialect !== 'entra' && dialect !== 'standard') return { mistake: '--dialect takes entra or standard' };
  const port = (name: (typeof PORTS)[number]): number => ports.get(name) ?? 0;
  return {
    contosoPort: port('contoso-port'),
    fabrikamPort: port('fabrikam-port'),
    opPort: port('op-port'),
    apiPort: port('api-port'),
    graphPort: port('graph-port'),
    tablesPort: port('tables-port'),
    queuesPort: port('queues-port'),
    tokenSeconds,
    dialect,
    backChannel: values['back-channel'] ?? false,
    secretless: values.secretless ?? false,
    persist: values.persist ?? null,
  };
}

function wholeNumber(value: string, max: number): number | null {
  const number = /^\d+$/.test(value) ? Number(value) : 0;
  return number >= 1 && number <= max ? number : null;
}
