import { at, type Value } from '../support/bicep/values.ts';
import { applicationIdentity, listAt, settingsOf, textAt } from '../support/planned.ts';
import { eachOf, eachPlan, type Mutation, ofType, type Rule } from '../support/rule.ts';

const STORAGE = 'infra/modules/storage-hardening.bicep';
const HOST = 'infra/modules/host-storage.bicep';
const TABLES = 'infra/modules/token-tables.bicep';
const VAULT = 'infra/modules/key-vault.bicep';
const APP = 'infra/modules/function-app.bicep';
const WORKSPACE = 'infra/modules/workspace.bicep';

/** That each resource of a type has a property as it is said here, and not as Azure has it by itself. */
const keeps = (
  name: string,
  type: string,
  wanted: Readonly<Record<string, Value>>,
  files: readonly string[],
): Rule => ({
  name,
  check: (infra) =>
    Object.entries(wanted).flatMap(([path, value]) =>
      eachOf(type, ({ body }) => at(body, path) !== value && `${path} is ${JSON.stringify(at(body, path))}`)(infra),
    ),
  mutations: files.flatMap((file) => Object.keys(wanted).map((path) => without(file, path.split('.').at(-1) ?? ''))),
});

/** The line of a property is gone. */
const without = (file: string, property: string): Mutation => ({
  file,
  replace: new RegExp(`^\\s*${property}: .*\\n`, 'm'),
  by: '',
});

export const CLOSED_RULES: readonly Rule[] = [
  keeps(
    'storage is reached by tokens alone: no local user, no SFTP, and nothing is copied to another tenant',
    'Microsoft.Storage/storageAccounts',
    {
      'properties.allowCrossTenantReplication': false,
      'properties.allowedCopyScope': 'AAD',
      'properties.defaultToOAuthAuthentication': true,
      'properties.isLocalUserEnabled': false,
      'properties.isSftpEnabled': false,
    },
    [STORAGE],
  ),
  keeps(
    "no service of Microsoft's comes past the firewall of storage",
    'Microsoft.Storage/storageAccounts',
    { 'properties.networkAcls.bypass': 'None' },
    [HOST, TABLES],
  ),
  keeps(
    "no service of Microsoft's comes past the firewall of the vault",
    'Microsoft.KeyVault/vaults',
    { 'properties.networkAcls.bypass': 'None' },
    [VAULT],
  ),
  keeps(
    'logs are written and read by somebody, never by a key, and only by whoever may read what they are of',
    'Microsoft.OperationalInsights/workspaces',
    {
      'properties.features.disableLocalAuth': true,
      'properties.features.enableLogAccessUsingOnlyResourcePermissions': true,
    },
    [WORKSPACE],
  ),
  keeps(
    'nobody attaches a debugger, and the app has no identity but those that are given to it',
    'Microsoft.Web/sites',
    { 'properties.siteConfig.remoteDebuggingEnabled': false, 'identity.type': 'UserAssigned' },
    [APP],
  ),
  {
    name: 'the platform takes the package as the identity of the app',
    check: eachOf('Microsoft.Web/sites', ({ body }, plan) => {
      const path = 'properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId';
      return textAt(body, path) !== applicationIdentity(plan).id && `it takes it as "${textAt(body, path)}"`;
    }),
    mutations: [without(APP, 'userAssignedIdentityResourceId')],
  },
  {
    name: 'where telemetry is taken from identities alone, the host has one to send it as',
    check: eachPlan((plan) => {
      const isClosed = ofType(plan, 'Microsoft.Insights/components').some(
        ({ body }) => at(body, 'properties.DisableLocalAuth') === true,
      );
      const { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: said = '' } = settingsOf(plan);
      const wanted = `ClientId=${applicationIdentity(plan).clientId};Authorization=AAD`;
      return !isClosed || said === wanted ? [] : [`it sends as "${said}"`];
    }),
    mutations: [without('infra/modules/app-settings.bicep', 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING')],
  },
  {
    name: 'a token for the API of the operators is given to nobody without a role',
    check: eachPlan((plan) =>
      ofType(plan, 'Microsoft.Graph/servicePrincipals')
        .filter(({ file }) => file.endsWith('operators.bicep'))
        .filter(({ body }) => body.appRoleAssignmentRequired !== true)
        .map(({ file, line }) => `${file}:${line}: to anybody`),
    ),
    mutations: [without('infra/modules/operators.bicep', 'appRoleAssignmentRequired')],
  },
  {
    name: 'what is said to be logged is',
    check: eachOf('Microsoft.Insights/diagnosticSettings', ({ body }) => {
      const all = [...listAt(body, 'properties.logs'), ...listAt(body, 'properties.metrics')];
      const off = all.filter((one) => at(one, 'enabled') !== true || textAt(one, 'category') === '');
      return off.length > 0 && `not on: ${JSON.stringify(off)}`;
    }),
    mutations: [
      { file: VAULT, replace: "category: 'AuditEvent'\n        enabled: true", by: "category: 'AuditEvent'" },
      { file: HOST, replace: "category: 'StorageDelete'\n        enabled: true", by: "category: 'StorageDelete'" },
      { file: HOST, replace: "        category: 'Transaction'\n", by: '' },
    ],
  },
  {
    name: 'a package that was deleted or written over can be had back',
    check: eachOf('Microsoft.Storage/storageAccounts/blobServices', ({ body }) => {
      const policies = ['deleteRetentionPolicy', 'containerDeleteRetentionPolicy'];
      return policies.find((policy) => at(body, `properties.${policy}.enabled`) !== true) ?? false;
    }),
    mutations: [
      { file: HOST, replace: /( {4}deleteRetentionPolicy: \{\n {6}enabled: )true/, by: '$1false' },
      { file: HOST, replace: /( {4}containerDeleteRetentionPolicy: \{\n {6}enabled: )true/, by: '$1false' },
    ],
  },
];
