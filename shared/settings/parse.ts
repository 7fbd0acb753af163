import { assemble } from './assemble.ts';
import { readHostStorage } from './host-storage.ts';
import { isUnresolvedReference, UNRESOLVED, unresolvedHostStorage } from './key-vault-reference.ts';
import { combinationMistakes, mistake, type ReadValues, type SettingMistake } from './mistakes.ts';
import { notBeforeMistake } from './not-before-mistake.ts';
import type { SettingDefinition } from './registry/definition.ts';
import { SETTINGS, type SettingName, type SettingValues } from './registry.ts';
import { readBy } from './schema.ts';
import type { Settings } from './settings.ts';
import { describeIssue } from './text-schema.ts';

export type ParsedSettings =
  | { readonly ok: true; readonly value: Settings }
  | {
      readonly ok: false;
      readonly mistakes: readonly SettingMistake[];
      /** Where nothing is wrong but that SESSIONS_NOT_BEFORE has not come yet: what is right as soon as it has. */
      readonly early?: Settings;
    };

const DEFINITIONS = Object.entries<SettingDefinition>(SETTINGS) as readonly [SettingName, SettingDefinition][];
const HOST_STORAGE = 'AzureWebJobsStorage';
const GROUPS = Map.groupBy(
  DEFINITIONS.filter(([, { required }]) => required.startsWith('one of')),
  ([, { required }]) => required,
);

/**
 * Reads the settings once and checks them all, each on its own and then one against another: every mistake is named in one
 * go. (One schema for all of them would not do: it checks one against another only when each is right.)
 *
 * @param environment texts by name, such as `process.env`; white space around a value does not count, an empty value is not
 *   set, and names that are not ours are ignored
 * @param now milliseconds since the epoch
 */
export function parseSettings(
  environment: Readonly<Record<string, string | undefined>>,
  now: number = Date.now(),
): ParsedSettings {
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
  const unresolved = unresolvedHostStorage(environment);
  const hostStorage = readHostStorage(environment);
  // Of what a reference stands for nobody can say whether it is right.
  if (unresolved.length > 0) mistakes.push(...unresolved.map(unresolvedMistake));
  else if (!hostStorage.ok) mistakes.push(hostStorageMistake(hostStorage.problem));
  const early = notBeforeMistake((values as ReadValues).SESSIONS_NOT_BEFORE ?? null, now);
  if (mistakes.length > 0 || !hostStorage.ok) {
    return { ok: false, mistakes: early === null ? mistakes : [...mistakes, early] };
  }
  // Without a mistake every setting was read by its own schema: what `SettingValues` says is so.
  const value = assemble(values as SettingValues, hostStorage.queue);
  return early === null ? { ok: true, value } : { ok: false, mistakes: [early], early: value };
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
  if (isUnresolvedReference(given)) return { problem: UNRESOLVED };
  const read = readBy(schema, given);
  return read.ok ? { value: read.value } : { problem: read.issues.map(describeIssue).join('; ') };
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

/** App Service's own authentication answers before us: with it on, our callback and our sign-outs are never reached. */
function platformMistakes(environment: Readonly<Record<string, string | undefined>>): readonly SettingMistake[] {
  if (environment.WEBSITE_AUTH_ENABLED?.trim().toLowerCase() !== 'true') return [];
  const problem = 'App Service authentication (EasyAuth) is on and would answer before this application: turn it off';
  return [{ setting: 'WEBSITE_AUTH_ENABLED', problem, example: 'WEBSITE_AUTH_ENABLED=false' }];
}

function unresolvedMistake(name: string): SettingMistake {
  const example = `${name}=@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/name)`;
  return { setting: name, problem: UNRESOLVED, example };
}

function hostStorageMistake(problem: string): SettingMistake {
  const example = `${HOST_STORAGE}__queueServiceUri=https://contoso.queue.core.windows.net`;
  return { setting: HOST_STORAGE, problem, example };
}
