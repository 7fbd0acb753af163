import { readHostStorage } from './host-storage.ts';
import { SETTINGS, type SettingDefinition, type SettingName, type SettingValues } from './registry.ts';
import type { QueueSettings, Settings } from './settings.ts';
import { describeIssue } from './text-schema.ts';

/** What is wrong with one setting. Never holds the setting's value, which may be a secret. */
export interface SettingMistake {
  /** The setting's name; of a group of which exactly one is to be set, their names with ` | ` between them. */
  readonly setting: string;
  /** In plain words, to be read behind the name. */
  readonly problem: string;
  /** `NAME=value` as it would be right. */
  readonly example: string;
}

export type ParsedSettings =
  | { readonly ok: true; readonly value: Settings }
  | { readonly ok: false; readonly mistakes: readonly SettingMistake[] };

/** What App Service leaves in place of a reference that it could not resolve. */
const KEY_VAULT_REFERENCE = /@Microsoft\.KeyVault\(/i;
/** Authorities whose issuer is a template: they sign in anyone's tenant. */
const MANY_TENANTS = /\/(?:common|organizations|consumers)(?:\/v2\.0)?$/i;
const DEFINITIONS = Object.entries<SettingDefinition>(SETTINGS) as readonly [SettingName, SettingDefinition][];
const GROUPS = Map.groupBy(
  DEFINITIONS.filter(([, { required }]) => required.startsWith('one of')),
  ([, { required }]) => required,
);

/** What could be read, defaults among it; a setting with a mistake is left out. */
type ReadValues = Partial<SettingValues>;

/**
 * Reads the settings once and checks them all, each on its own and then one against another: every mistake is named in one
 * go. (One schema for all of them would not do: it checks one against another only when each is right.)
 *
 * @param environment texts by name, such as `process.env`; white space around a value does not count, an empty value is not
 *   set, and names that are not ours are ignored
 */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): ParsedSettings {
  const texts = new Map<string, string>();
  for (const [name] of DEFINITIONS) {
    const text = environment[name]?.trim();
    if (text) texts.set(name, text);
  }
  const mistakes: SettingMistake[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, definition] of DEFINITIONS) {
    const read = readSetting(definition, texts.get(name));
    if (read.problem !== undefined) mistakes.push(mistake(name, read.problem));
    else values[name] = read.value;
  }
  const isSet = (name: SettingName) => texts.has(name);
  mistakes.push(...groupMistakes(isSet), ...combinationMistakes(values, isSet), ...platformMistakes(environment));
  const hostStorage = readHostStorage(environment);
  if (!hostStorage.ok) mistakes.push(hostStorageMistake(hostStorage.problem));
  if (mistakes.length > 0 || !hostStorage.ok) return { ok: false, mistakes };
  // Without a mistake every setting was read by its own schema: what `SettingValues` says is so.
  return { ok: true, value: assemble(values as SettingValues, hostStorage.queue) };
}

/** All mistakes in one message, a line for each setting. */
export function describeMistakes(mistakes: readonly SettingMistake[]): string {
  return mistakes.map(({ setting, problem, example }) => `${setting}: ${problem}. Example: ${example}`).join('\n');
}

function readSetting(
  { schema, required, default: fallback }: SettingDefinition,
  text: string | undefined,
): { readonly value?: unknown; readonly problem?: string } {
  const given = text ?? fallback;
  if (given === undefined) return required === 'yes' ? { problem: 'is not set' } : {};
  if (KEY_VAULT_REFERENCE.test(given)) return { problem: 'the Key Vault reference was not resolved' };
  const read = schema.safeParse(given);
  return read.success ? { value: read.data } : { problem: read.error.issues.map(describeIssue).join('; ') };
}

function mistake(name: SettingName, problem: string): SettingMistake {
  return { setting: name, problem, example: `${name}=${SETTINGS[name].example}` };
}

function groupMistakes(isSet: (name: SettingName) => boolean): readonly SettingMistake[] {
  return [...GROUPS.values()].flatMap((group) => {
    const names = group.map(([name]) => name);
    const set = names.filter(isSet);
    const [advised] = names;
    if (set.length === 1 || advised === undefined) return [];
    const problem = set.length === 0 ? 'none is set' : `${set.join(' and ')} are set`;
    return [{ ...mistake(advised, `${problem}, and exactly one must be`), setting: names.join(' | ') }];
  });
}

function combinationMistakes(values: ReadValues, isSet: (name: SettingName) => boolean): readonly SettingMistake[] {
  const mistakes: SettingMistake[] = [];
  if (MANY_TENANTS.test(values.AUTH_AUTHORITY ?? '') && !isSet('AUTH_TENANTS')) {
    mistakes.push(mistake('AUTH_TENANTS', 'is not set, and AUTH_AUTHORITY would let every tenant in'));
  }
  const { SESSION_IDLE_MINUTES: idle, SESSION_ABSOLUTE_MINUTES: absolute } = values;
  if (isSet('SESSION_IDLE_MINUTES') && idle !== undefined && absolute !== undefined && idle > absolute) {
    mistakes.push(mistake('SESSION_IDLE_MINUTES', 'must not be more than SESSION_ABSOLUTE_MINUTES'));
  }
  return mistakes;
}

/** App Service's own authentication answers before us: with it on, our callback and our sign-outs are never reached. */
function platformMistakes(environment: Readonly<Record<string, string | undefined>>): readonly SettingMistake[] {
  if (environment.WEBSITE_AUTH_ENABLED?.trim().toLowerCase() !== 'true') return [];
  const problem = 'App Service authentication (EasyAuth) is on and would answer before this application: turn it off';
  return [{ setting: 'WEBSITE_AUTH_ENABLED', problem, example: 'WEBSITE_AUTH_ENABLED=false' }];
}

function hostStorageMistake(problem: string): SettingMistake {
  const example = 'AzureWebJobsStorage__queueServiceUri=https://contoso.queue.core.windows.net';
  return { setting: 'AzureWebJobsStorage', problem, example };
}

function assemble(values: SettingValues, retryQueue: QueueSettings | null): Settings {
  return {
    publicOrigin: values.PUBLIC_ORIGIN,
    op: {
      protocol: values.AUTH_PROTOCOL,
      authority: values.AUTH_AUTHORITY,
      metadataUrl: values.AUTH_METADATA_URL ?? defaultMetadataUrl(values),
      clientId: values.AUTH_CLIENT_ID,
      credential: theOneOf(
        values.AUTH_CLIENT_SECRET,
        values.AUTH_CLIENT_CERTIFICATE,
        values.AUTH_MANAGED_IDENTITY_CLIENT_ID,
      ),
      scopes: values.AUTH_SCOPES,
      responseMode: values.AUTH_RESPONSE_MODE,
      tenants: values.AUTH_TENANTS,
    },
    tables: theOneOf(values.TABLES_ENDPOINT, values.TABLES_CONNECTION_STRING),
    tablesManagedIdentityClientId: values.TABLES_MANAGED_IDENTITY_CLIENT_ID ?? identityOf(values),
    retryQueue,
    sessionKeys: values.SESSION_KEYS,
    signoutScope: values.SIGNOUT_SCOPE,
    signoutScopeRemote: values.SIGNOUT_SCOPE_REMOTE ?? values.SIGNOUT_SCOPE,
    // A short absolute end alone is no mistake: the idle default gives way to it.
    sessionIdleMinutes: Math.min(values.SESSION_IDLE_MINUTES, values.SESSION_ABSOLUTE_MINUTES),
    sessionAbsoluteMinutes: values.SESSION_ABSOLUTE_MINUTES,
    sessionRevalidateMinutes: values.SESSION_REVALIDATE_MINUTES,
    downstreamApis: values.DOWNSTREAM_APIS,
    applicationName: values.APPLICATION_NAME,
    homePage: values.HOME_PAGE,
  };
}

function identityOf({ AUTH_MANAGED_IDENTITY_CLIENT_ID: credential }: SettingValues): string | null {
  return credential?.kind === 'managed-identity' ? credential.managedIdentityClientId : null;
}

function defaultMetadataUrl({ AUTH_AUTHORITY: authority, AUTH_PROTOCOL: protocol }: SettingValues): string {
  return `${authority}${protocol === 'entra' ? '/v2.0' : ''}/.well-known/openid-configuration`;
}

/** The member of a group that is set: `groupMistakes` has seen to it that one is. */
function theOneOf<T>(...members: readonly (T | undefined)[]): T {
  const value = members.find((member) => member !== undefined);
  if (value === undefined) throw new Error('No member of a group of settings is set, and no mistake was named');
  return value;
}
