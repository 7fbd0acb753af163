import { parseSettings } from '../../../shared/settings/parse.ts';
import type { SettingDefinition } from '../../../shared/settings/registry/definition.ts';
import { SETTINGS } from '../../../shared/settings/registry.ts';
import { readBy } from '../../../shared/settings/schema.ts';
import { membersOf, wordsOf } from '../support/bicep/types-of.ts';
import { at } from '../support/bicep/values.ts';
import { NEVER_PROVIDED, READ_BY_CODE, READ_BY_OTHERS } from '../support/code-settings.ts';
import { applicationIdentity, settingsOf, theOne } from '../support/planned.ts';
import { eachPlan, type Rule } from '../support/rule.ts';
import { resolveReferences } from '../support/vault-stand-in.ts';

const FILE = 'infra/modules/app-settings.bicep';
const MAIN = 'infra/main.bicep';
const HTTPS_EACH = /^https:\/\/[^,;\s]+(?:,https:\/\/[^,;\s]+)*$/;

export const SETTING_RULES: readonly Rule[] = [
  {
    name: 'every setting that the code reads can be given',
    check: ({ plans }) => {
      const given = new Set(plans().flatMap(([, plan]) => Object.keys(settingsOf(plan))));
      return Object.keys(SETTINGS).filter((name) => !given.has(name) && !Object.hasOwn(NEVER_PROVIDED, name));
    },
    mutations: [{ file: FILE, replace: /\bSESSION_REVALIDATE_MINUTES\b/g, by: 'SESSION_REVALIDATE_MINUTE' }],
  },
  {
    name: 'of a setting that takes certain words the templates offer none that the code refuses',
    check: ({ files }) =>
      membersOf(files, 'OptionalSettings').flatMap(({ name, type }) => {
        const definition = Object.entries<SettingDefinition>(SETTINGS).find(([known]) => known === name)?.[1];
        const refused = wordsOf(type).filter((word) => definition && !readBy(definition.schema, word).ok);
        return refused.map((word) => `${name}: ${word}`);
      }),
    mutations: [{ file: FILE, replace: "('query' | 'form_post')?", by: "('query' | 'form_post' | 'fragment')?" }],
  },
  {
    name: 'every setting that is given is read',
    check: eachPlan((plan) =>
      Object.keys(settingsOf(plan)).filter((name) => !READ_BY_CODE.has(name) && !Object.hasOwn(READ_BY_OTHERS, name)),
    ),
    mutations: [
      { file: FILE, replace: /^(\s*)TABLES_ENDPOINT: /m, by: "$1TABLE_ENDPOINT: 'x'\n$&" },
      { file: FILE, replace: /\bSESSION_REVALIDATE_MINUTES\b/g, by: 'SESSION_REVALIDATE_MINUTE' },
    ],
  },
  {
    name: 'the application takes the settings that it is given, once the vault has answered',
    check: eachPlan((plan) => {
      const parsed = parseSettings(resolveReferences(settingsOf(plan)));
      return parsed.ok ? [] : parsed.mistakes.map(({ setting, problem }) => `${setting}: ${problem}`);
    }),
    mutations: [
      {
        file: FILE,
        replace: /^(\s*)TABLES_ENDPOINT: .*$/m,
        by: "$1TABLES_ENDPOINT: 'http://contoso.table.core.windows.net'",
      },
      { file: FILE, replace: "['SESSION_KEYS'],", by: '[],' },
      { file: FILE, replace: /^(\s*)PUBLIC_ORIGIN: .*$/m, by: "$1PUBLIC_ORIGIN: 'contoso.com'" },
    ],
  },
  {
    name: "a setting that is not asked for is not given: the default is the code's",
    check: ({ plan }) => {
      const given = Object.keys(settingsOf(plan('least')));
      return given
        .filter((name) => Object.hasOwn(SETTINGS, name) && !NEEDED.includes(name))
        .map((name) => `${name} is given`);
    },
    mutations: [{ file: FILE, replace: /^(\s*)TABLES_ENDPOINT: /m, by: "$1SESSION_IDLE_MINUTES: '60'\n$&" }],
  },
  {
    // Beside the settings by identity an empty AzureWebJobsStorage breaks a Flex Consumption app (azure-functions-host 11796).
    name: "the host's storage is reached by the identity, and by no connection string",
    check: eachPlan((plan) => {
      const settings = settingsOf(plan);
      const { clientId } = applicationIdentity(plan);
      return [
        ...('AzureWebJobsStorage' in settings ? ['AzureWebJobsStorage is given'] : []),
        ...(settings.AzureWebJobsStorage__credential === 'managedidentity' ? [] : ['not by managed identity']),
        ...(settings.AzureWebJobsStorage__clientId === clientId ? [] : ['by another identity']),
      ];
    }),
    mutations: [
      { file: FILE, replace: /^(\s*)AzureWebJobsStorage__credential: /m, by: "$1AzureWebJobsStorage: ''\n$&" },
      { file: FILE, replace: "'managedidentity'", by: "'connectionstring'" },
    ],
  },
  {
    name: 'there is one identity, by which everything is reached',
    check: eachPlan((plan) => {
      const { id, clientId } = applicationIdentity(plan);
      const { body } = theOne(plan, 'Microsoft.Web/sites');
      const wrong = Object.entries(settingsOf(plan)).filter(
        // The directory's may be another: reading users is a right that the application itself need not have.
        ([name, value]) =>
          /MANAGED_IDENTITY_CLIENT_ID$/.test(name) && !name.startsWith('DIRECTORY_') && value !== clientId,
      );
      return [
        ...(Object.keys((at(body, 'identity.userAssignedIdentities') ?? {}) as object).includes(id)
          ? []
          : ['the app does not have it']),
        ...(at(body, 'properties.keyVaultReferenceIdentity') === id ? [] : ['references are not resolved by it']),
        ...wrong.map(([name]) => `${name} is another`),
      ];
    }),
    mutations: [
      { file: 'infra/modules/function-app.bicep', replace: /^\s*keyVaultReferenceIdentity: .*$/m, by: '' },
      {
        file: MAIN,
        replace: 'identityClientId: identity.outputs.clientId',
        by: "identityClientId: '11111111-2222-3333-4444-555555555555'",
      },
    ],
  },
  {
    name: 'endpoints of tables are https, with commas and nothing else between them',
    check: eachPlan((plan) => {
      const { TABLES_ENDPOINT = '', TABLES_ENDPOINT_MOVING } = settingsOf(plan);
      return [TABLES_ENDPOINT, TABLES_ENDPOINT_MOVING ?? 'https://none']
        .filter((text) => !HTTPS_EACH.test(text))
        .map((text) => JSON.stringify(text));
    }),
    mutations: [
      { file: 'infra/modules/token-tables.bicep', replace: "'https://${", by: "'http://${" },
      { file: FILE, replace: "join(tablesEndpoints, ',')", by: "join(tablesEndpoints, ';')" },
    ],
  },
  {
    name: "neither App Service's own sign-in nor the host's page stands before the application",
    check: eachPlan((plan) => {
      const isOn = plan.resources.some(
        ({ type, name, body }) =>
          /sites\/config$/i.test(type) &&
          /authsettings/i.test(name) &&
          !JSON.stringify(body).includes('"enabled":false'),
      );
      const homepage = settingsOf(plan).AzureWebJobsDisableHomepage;
      return [...(isOn ? ['EasyAuth is on'] : []), ...(homepage === 'true' ? [] : ["the host's page is on"])];
    }),
    mutations: [
      { file: 'infra/modules/function-app.bicep', replace: /(platform: \{\s*)enabled: false/, by: '$1enabled: true' },
      { file: FILE, replace: /^\s*AzureWebJobsDisableHomepage: .*$/m, by: '' },
    ],
  },
];

/** What an application cannot be without. */
const NEEDED = [
  'PUBLIC_ORIGIN',
  'AUTH_AUTHORITY',
  'AUTH_CLIENT_ID',
  'AUTH_MANAGED_IDENTITY_CLIENT_ID',
  'AUTH_SCOPES',
  'TABLES_ENDPOINT',
  'TABLES_MANAGED_IDENTITY_CLIENT_ID',
  'SESSION_KEYS',
  'APPLICATION_NAME',
  'DOWNSTREAM_APIS',
];
