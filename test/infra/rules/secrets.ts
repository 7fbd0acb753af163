import type { SettingName } from '../../../shared/settings/registry.ts';
import { hasSecret, textsIn } from '../support/bicep/values.ts';
import { callsIn } from '../support/bicep/walk.ts';
import { settingsOf } from '../support/planned.ts';
import { eachPlan, type Rule } from '../support/rule.ts';

/** Those whose value lets somebody in, or opens what is sealed. */
export const SECRET_SETTINGS: readonly SettingName[] = [
  'AUTH_CLIENT_SECRET',
  'AUTH_CLIENT_CERTIFICATE',
  'SESSION_KEYS',
  'SECURITY_EVENTS_AUTHORIZATION',
  'TRUSTED_PROXY',
];

const SETTINGS_FILE = 'infra/modules/app-settings.bicep';
// Without a version: a rotation writes a new one, and the app takes it.
const REFERENCE = /^@Microsoft\.KeyVault\(SecretUri=https:\/\/[a-z0-9-]+\.vault\.[a-z.]+\/secrets\/([a-z-]+)\)$/;
/** Looks like a key, a token, a password, or a connection string that has one. */
const LOOKS_SECRET = /AccountKey=|SharedAccess|(?:^|[?&;])sig=|password\s*[:=]|-----BEGIN|[A-Za-z0-9+/]{43}=/i;

export const SECRET_RULES: readonly Rule[] = [
  {
    name: 'no file asks Azure for a key or a secret',
    check: ({ files }) =>
      files.flatMap((file) =>
        callsIn(file)
          .filter(({ name }) => /^(?:list[A-Z]\w*|getSecret)$/.test(name))
          .map(({ name, place }) => `${place.file}:${place.line}: ${name}()`),
      ),
    mutations: [
      {
        file: 'infra/modules/host-storage.bicep',
        replace: 'output id string = account.id',
        by: 'output id string = account.listKeys().keys[0].value',
      },
      {
        file: 'infra/modules/key-vault.bicep',
        replace: 'output id string = vault.id',
        by: "output id string = vault.getSecret('session-keys')",
      },
    ],
  },
  {
    name: 'nothing changes by itself from one deployment to the next: no file draws an id or asks for the time',
    check: ({ files }) =>
      files.flatMap((file) =>
        callsIn(file)
          .filter(({ name }) => name === 'newGuid' || name === 'utcNow')
          .map(({ name, place }) => `${place.file}:${place.line}: ${name}()`),
      ),
    mutations: [
      {
        file: 'infra/main.bicep',
        replace: /^param location string.*$/m,
        by: "$&\n\n@description('A key.')\nparam sessionKey string = newGuid()",
      },
    ],
  },
  {
    name: 'a parameter that is secret has no default',
    check: ({ files }) =>
      files.flatMap(({ declarations }) =>
        declarations.flatMap((declaration) => {
          if (declaration.kind !== 'param' || declaration.default === null) return [];
          const isSecure = declaration.decorators.some(({ name }) => name === 'secure');
          return isSecure ? [`${declaration.place.file}:${declaration.place.line}: ${declaration.name}`] : [];
        }),
      ),
    mutations: [
      {
        file: 'infra/main.bicep',
        replace: /^param location string.*$/m,
        by: "$&\n\n@description('A key.')\n@secure()\nparam sessionKey string = 'k1'",
      },
    ],
  },
  {
    name: 'nothing secret is put out, by the whole or by a part of it',
    check: (infra) => [
      ...eachPlan(({ outputs }) => suspicious(outputs))(infra),
      ...infra.files.flatMap(({ declarations }) =>
        declarations.flatMap((declaration) => {
          const isNamed =
            declaration.kind === 'output' && /secret|password|\bkeys?$|Key$|token/i.test(declaration.name);
          return isNamed ? [`${declaration.place.file}:${declaration.place.line}: ${declaration.name}`] : [];
        }),
      ),
    ],
    mutations: [
      {
        file: 'infra/main.bicep',
        replace: /^output AZURE_KEY_VAULT_NAME .*$/m,
        by: "$&\n\n@description('A key.')\noutput AZURE_STORAGE_KEY string = 'x'",
      },
      {
        file: 'infra/main.bicep',
        replace: /^output AZURE_KEY_VAULT_NAME .*$/m,
        by: "$&\n\n@description('Where.')\noutput WHERE string = 'AccountName=a;AccountKey=b'",
      },
    ],
  },
  {
    name: 'what is made has nothing secret in plain text',
    check: eachPlan(({ resources }) =>
      resources.flatMap(({ file, line, symbol, body }) =>
        suspicious(body).map((said) => `${file}:${line}: ${symbol}: ${said}`),
      ),
    ),
    mutations: [
      {
        file: 'infra/modules/function-app.bicep',
        replace: /^(\s*)httpsOnly: true$/m,
        by: "$&\n$1description: 'AccountName=a;AccountKey=b'",
      },
    ],
  },
  {
    name: 'a setting that is a secret is a reference to the vault, without a version',
    check: eachPlan((plan) => {
      const settings = settingsOf(plan);
      return SECRET_SETTINGS.flatMap((name) => {
        const value = settings[name];
        if (value === undefined) return [];
        const [, secretName] = REFERENCE.exec(value) ?? [];
        const expected = name.toLowerCase().replaceAll('_', '-');
        return secretName === expected ? [] : [`${name} is not a reference to the secret "${expected}"`];
      });
    }),
    mutations: [
      { file: SETTINGS_FILE, replace: '@Microsoft.KeyVault(SecretUri=', by: '@Microsoft.KeyVault(Secret=' },
      { file: SETTINGS_FILE, replace: "'_', '-'))})'", by: "'_', '-'))}/0123456789abcdef)'" },
      {
        file: SETTINGS_FILE,
        replace: 'PUBLIC_ORIGIN: origin',
        by: "PUBLIC_ORIGIN: origin\n    AUTH_CLIENT_SECRET: 'a'",
      },
    ],
  },
];

function suspicious(value: Parameters<typeof textsIn>[0]): readonly string[] {
  return textsIn(value)
    .filter(({ text }) => hasSecret(text) || LOOKS_SECRET.test(text))
    .map(({ path }) => `${path} has something secret`);
}
