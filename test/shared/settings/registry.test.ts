import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { UNRESOLVED } from '../../../shared/settings/key-vault-reference.ts';
import { NEEDED } from '../../../shared/settings/mistakes.ts';
import { parseSettings } from '../../../shared/settings/parse.ts';
import { SETTINGS, type SettingName } from '../../../shared/settings/registry.ts';
import { selfSignedPem } from './certificate.ts';
import { keyOf, LEAST, problemsWith } from './environment.ts';

const names = Object.keys(SETTINGS) as SettingName[];
const GROUPS: readonly (readonly SettingName[])[] = [
  ['AUTH_CLIENT_SECRET', 'AUTH_CLIENT_CERTIFICATE', 'AUTH_MANAGED_IDENTITY_CLIENT_ID'],
  ['TABLES_ENDPOINT', 'TABLES_CONNECTION_STRING'],
];

/** What a setting does nothing without, and what that does nothing without. */
function neededBy(name: SettingName, known: readonly SettingName[] = [name]): readonly SettingName[] {
  const needed = NEEDED.filter(([other, by]) => by === name && !known.includes(other)).map(([other]) => other);
  return needed.flatMap((other) => [other, ...neededBy(other, [...known, ...needed])]);
}

/** A setting with what it does nothing without, in place of what the least environment has of the same groups. */
function alone(name: SettingName, value: string): Record<string, string | undefined> {
  const set = { ...Object.fromEntries(neededBy(name).map((other) => [other, SETTINGS[other].example])), [name]: value };
  const groups = GROUPS.filter((group) => group.some((member) => member in set));
  return { ...Object.fromEntries(groups.flat().map((other) => [other, undefined])), ...set };
}

describe('the registry', () => {
  it.each(names.filter((name) => name !== 'SESSION_KEYS' && name !== 'AUTH_CLIENT_CERTIFICATE'))(
    'has a right example for %s',
    (name) => {
      expect(problemsWith(alone(name, SETTINGS[name].example))).toEqual({});
    },
  );

  it('has a right example for SESSION_KEYS, once the command in it has made a key', () => {
    const made = SETTINGS.SESSION_KEYS.example.replace('$(openssl rand -base64 32)', keyOf(7));
    expect(problemsWith({ SESSION_KEYS: made })).toEqual({});
    expect(problemsWith({ SESSION_KEYS: SETTINGS.SESSION_KEYS.example })).not.toEqual({});
  });

  it('has a right example for AUTH_CLIENT_CERTIFICATE, once it is filled in', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const bodyOf = (pem: string): string => pem.replace(/-----[^-]+-----\n/g, '').replace(/\n/g, '\\n');
    const filledIn = SETTINGS.AUTH_CLIENT_CERTIFICATE.example
      .replace('MIIE…', bodyOf(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()))
      .replace('MIID…', bodyOf(selfSignedPem(privateKey)));
    expect(problemsWith(alone('AUTH_CLIENT_CERTIFICATE', filledIn))).toEqual({});
  });

  it.each(names)('says of %s what it means in one sentence', (name) => {
    expect(SETTINGS[name].meaning).toMatch(/^[A-Z`][^\n]*\.$/);
  });

  it('tells the truth about which settings are required', () => {
    const missing = parseSettings({});
    expect(!missing.ok && missing.mistakes.map(({ setting }) => setting)).toEqual([
      ...names.filter((name) => SETTINGS[name].required === 'yes'),
      ...GROUPS.map((group) => group.join(' | ')),
    ]);
    expect(parseSettings(LEAST).ok).toBe(true);
  });

  it.each(names)('names %s when its Key Vault reference was not resolved', (name) => {
    const reference = '@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/x)';
    for (const value of [reference, `k1:${reference}`, reference.toLowerCase()]) {
      expect(problemsWith(alone(name, value))).toEqual({ [name]: UNRESOLVED });
    }
  });
});
