import { type CommandLine, type Mistake, mistakeOf, readCommandLine } from '../../local/command-line.ts';
import { isLoopbackHost } from '../../shared/settings/origin.ts';
import { type VaultAddress, vaultAddress } from './clouds.ts';
import { isSiteId } from './refetch.ts';

export const COMMANDS = ['create', 'status', 'rotate', 'drop-old', 'replace'] as const;
export type Command = (typeof COMMANDS)[number];

const SCRIPT = 'npm run keys';

export const HELP = `npm run keys -- <command> --vault NAME [options]

  create     writes a session key where there is none; does nothing where there is one
  status     says which keys there are, and which the instances know: their ids, never the keys
  rotate     adds a new key, waits until every instance opens it, and has it seal; goes on where it broke off
  drop-old   takes the old key away when nothing needs it any more (--force: now; whom it serves is signed out)
  replace    a new key alone, where somebody has seen the old one (needs --everybody-out: all sign in anew)

  --vault NAME      the key vault, or its URI (default: AZURE_KEY_VAULT_URI, AZURE_KEY_VAULT_NAME)
  --secret NAME     the secret that SESSION_KEYS refers to (default: session-keys)
  --app URL         the application, to ask its instances; several times for several function apps (default: PUBLIC_ORIGIN)
  --app-id ID       the function app's resource id, to have it read the secret anew; likewise (default: AZURE_FUNCTION_APP_ID)
  --instances N     wait until so many different instances have answered
  --quiet-minutes N how long every answer has to be as wanted (default: 3)
  --force, --everybody-out
  --help            this text

Whoever runs it is signed in by "azd auth login" or "az login", and has the role Key Vault Secrets Officer at the vault.
`;

export interface KeysOptions {
  readonly command: Command;
  readonly address: VaultAddress;
  readonly secretName: string;
  /** Origins. */
  readonly apps: readonly string[];
  readonly siteIds: readonly string[];
  readonly instances: number;
  readonly quietMinutes: number | undefined;
  readonly force: boolean;
}

const OPTIONS = {
  vault: { type: 'string' },
  secret: { type: 'string', default: 'session-keys' },
  app: { type: 'string', multiple: true },
  'app-id': { type: 'string', multiple: true },
  instances: { type: 'string', default: '1' },
  'quiet-minutes': { type: 'string' },
  force: { type: 'boolean', default: false },
  'everybody-out': { type: 'boolean', default: false },
} as const;

/**
 * Reads the command line; what it does not say comes from the environment, where azd has the outputs of the deployment. A mistake
 * comes back as one line that says what is wrong.
 *
 * @param args without the program's name
 */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): KeysOptions | 'help' | Mistake {
  const read = readCommandLine({ script: SCRIPT, options: OPTIONS, wordsMax: 1 }, args);
  if (read === 'help' || 'mistake' in read) return read;
  try {
    return optionsOf(read, environment);
  } catch (error) {
    return mistakeOf(SCRIPT, (error as Error).message);
  }
}

function optionsOf(
  { values, words: [word] }: CommandLine<typeof OPTIONS>,
  environment: Readonly<Record<string, string | undefined>>,
): KeysOptions {
  const command = COMMANDS.find((each) => each === word);
  if (command === undefined) throw new Error(`one of ${COMMANDS.join(', ')} is wanted`);
  const vault = values.vault ?? environment.AZURE_KEY_VAULT_URI ?? environment.AZURE_KEY_VAULT_NAME;
  if (!vault)
    throw new Error('no --vault, and neither AZURE_KEY_VAULT_URI nor AZURE_KEY_VAULT_NAME in the environment');
  const address = vaultAddress(vault);
  if (address === null) throw new Error('--vault is no name of a key vault, and no URI of one');
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(values.secret)) throw new Error('--secret is no name of a secret');
  const apps = (values.app ?? listed(environment.PUBLIC_ORIGIN)).map(originOf);
  if (needsApps(command, values.force) && apps.length === 0)
    throw new Error(`${command} asks the instances: --app is missing`);
  const siteIds = values['app-id'] ?? listed(environment.AZURE_FUNCTION_APP_ID);
  if (!siteIds.every(isSiteId)) throw new Error('--app-id is no resource id of a function app');
  if (command === 'replace' && !values['everybody-out'])
    throw new Error('replace signs everybody out: --everybody-out says so');
  const quiet = values['quiet-minutes'];
  return {
    command,
    address,
    secretName: values.secret,
    apps,
    siteIds,
    instances: wholeNumber('--instances', values.instances),
    quietMinutes: quiet === undefined ? undefined : wholeNumber('--quiet-minutes', quiet),
    force: values.force,
  };
}

const needsApps = (command: Command, force: boolean): boolean =>
  command === 'rotate' || command === 'replace' || (command === 'drop-old' && !force);

const listed = (text: string | undefined): string[] => (text ? [text] : []);

function originOf(text: string): string {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
  if (url === null || !isSafe || url.username !== '' || url.pathname !== '/')
    throw new Error('--app is no https origin');
  return url.origin;
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`${name} is no whole number from 1 to 9999`);
  return Number(text);
}
