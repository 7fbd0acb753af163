import { at, type Value } from '../support/bicep/values.ts';
import { listAt, textAt, theOne } from '../support/planned.ts';
import { eachPlan, ofType, type Rule } from '../support/rule.ts';

const APP = 'infra/modules/function-app.bicep';
const HOST = 'infra/modules/host-storage.bicep';
const TABLES = 'infra/modules/token-tables.bicep';
const VAULT = 'infra/modules/key-vault.bicep';
const OBSERVABILITY = 'infra/modules/observability.bicep';
const NETWORK = 'infra/modules/network.bicep';
const OPERATORS = 'infra/modules/operators.bicep';
const WORKBOOK = 'infra/modules/workbook.bicep';

/** By type, what a path has to say: one of these words. */
const WANTED: Readonly<Record<string, Readonly<Record<string, readonly Value[]>>>> = {
  'Microsoft.Authorization/roleAssignments': { 'properties.principalType': ['User', 'Group', 'ServicePrincipal'] },
  'Microsoft.Insights/components': {
    kind: ['web'],
    'properties.Application_Type': ['web'],
    'properties.IngestionMode': ['LogAnalytics'],
  },
  'Microsoft.Insights/workbooks': { kind: ['shared'], 'properties.category': ['workbook'] },
  'Microsoft.KeyVault/vaults': { 'properties.sku.family': ['A'], 'properties.sku.name': ['standard', 'premium'] },
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': { location: ['global'] },
  'Microsoft.OperationalInsights/workspaces': { 'properties.sku.name': ['PerGB2018'] },
  'Microsoft.Storage/storageAccounts': { kind: ['StorageV2'] },
  'Microsoft.Web/serverfarms': { kind: ['functionapp'], 'properties.reserved': [true] },
  'Microsoft.Web/sites': {
    kind: ['functionapp,linux'],
    'properties.functionAppConfig.deployment.storage.type': ['blobContainer'],
    'properties.publicNetworkAccess': ['Enabled'],
  },
};

/** By type, what each item of a list in it has to have: Azure and the directory refuse it else. */
const OF_ITEMS: readonly (readonly [type: string, list: string, members: readonly string[]])[] = [
  ['Microsoft.Graph/applications', 'appRoles', ['id', 'value', 'displayName', 'description', 'allowedMemberTypes']],
  [
    'Microsoft.Graph/applications',
    'api.oauth2PermissionScopes',
    ['id', 'value', 'type', 'adminConsentDisplayName', 'adminConsentDescription'],
  ],
  ['Microsoft.Network/privateEndpoints', 'properties.privateLinkServiceConnections', ['name']],
  ['Microsoft.Network/privateEndpoints/privateDnsZoneGroups', 'properties.privateDnsZoneConfigs', ['name']],
  ['Microsoft.Network/virtualNetworks', 'properties.subnets', ['name']],
];

/** These are in no region, and those are part of another or an extension of it. */
const GLOBAL = [
  'Microsoft.Insights/actionGroups',
  'Microsoft.Insights/metricAlerts',
  'Microsoft.Network/privateDnsZones',
];
const EXTENSIONS = ['Microsoft.Authorization/roleAssignments', 'Microsoft.Insights/diagnosticSettings'];

/** Of the services in use. */
const CATEGORIES = ['AllMetrics', 'AuditEvent', 'StorageDelete', 'StorageRead', 'StorageWrite', 'Transaction'];

export const KIND_RULES: readonly Rule[] = [
  {
    name: 'what a resource is, where Azure would take it for another or refuse it, is said in a word that Azure knows',
    check: eachPlan((plan) =>
      Object.entries(WANTED).flatMap(([type, paths]) =>
        ofType(plan, type).flatMap(({ body, file, line }) =>
          Object.entries(paths)
            .filter(([path, words]) => !words.includes(at(body, path) ?? null))
            .map(([path]) => `${file}:${line}: ${path} is ${JSON.stringify(at(body, path))}`),
        ),
      ),
    ),
    mutations: [
      { file: APP, replace: "kind: 'functionapp,linux'", by: "kind: 'functionapp'" },
      { file: APP, replace: '    reserved: true\n', by: '' },
      { file: APP, replace: "publicNetworkAccess: 'Enabled'", by: "publicNetworkAccess: 'Disabled'" },
      { file: HOST, replace: "  kind: 'StorageV2'\n", by: '' },
      { file: VAULT, replace: "      family: 'A'\n", by: '' },
      { file: TABLES, replace: "principalType: 'ServicePrincipal'", by: "principalType: 'ManagedIdentity'" },
      { file: OBSERVABILITY, replace: "    Application_Type: 'web'\n", by: '' },
      { file: WORKBOOK, replace: "  kind: 'shared'\n", by: '' },
    ],
  },
  {
    name: 'what is listed in a resource has all that it has to have',
    check: eachPlan((plan) =>
      OF_ITEMS.flatMap(([type, list, members]) =>
        ofType(plan, type).flatMap(({ body, file, line }) =>
          listAt(body, list).flatMap((item) =>
            members
              .filter((name) => textAt(item, name) === '')
              .map((name) => `${file}:${line}: ${list} without ${name}`),
          ),
        ),
      ),
    ),
    mutations: [
      { file: NETWORK, replace: /( {10})name: target\.group\n( {10}properties: \{\n {12}privateLink)/, by: '$2' },
      { file: NETWORK, replace: /( {10})name: target\.group\n( {10}properties: \{\n {12}privateDns)/, by: '$2' },
      { file: OPERATORS, replace: "      displayName: 'Operator'\n", by: '' },
      { file: OPERATORS, replace: "        value: 'act'\n", by: '' },
      { file: OPERATORS, replace: /^ *adminConsentDescription: .*\n/m, by: '' },
    ],
  },
  {
    name: 'whatever is in a region says in which, and the rest that it is in none',
    check: eachPlan((plan) =>
      plan.resources
        .filter(({ type }) => type.split('/').length === 2 && !/^Microsoft\.Graph\//.test(type))
        .filter(({ type }) => !EXTENSIONS.includes(type))
        .filter(({ type, body }) => {
          const location = textAt(body, 'location');
          return GLOBAL.includes(type) ? location !== 'global' : ['', 'global'].includes(location);
        })
        .map(({ file, line, type }) => `${file}:${line}: ${type} is nowhere`),
    ),
    mutations: [
      { file: TABLES, replace: '  location: location\n', by: '' },
      { file: NETWORK, replace: "    location: 'global'\n", by: '' },
      { file: 'infra/modules/alerts.bicep', replace: "location: 'global'", by: 'location: location' },
    ],
  },
  {
    name: 'the app runs on the plan that is made for it, and what it tells is kept in the workspace',
    check: eachPlan((plan) => {
      const farm = textAt(theOne(plan, 'Microsoft.Web/sites').body, 'properties.serverFarmId');
      const kept = textAt(theOne(plan, 'Microsoft.Insights/components').body, 'properties.WorkspaceResourceId');
      return [
        ...(farm === theOne(plan, 'Microsoft.Web/serverfarms').id ? [] : [`it runs on "${farm}"`]),
        ...(kept === theOne(plan, 'Microsoft.OperationalInsights/workspaces').id ? [] : [`it is kept in "${kept}"`]),
      ];
    }),
    mutations: [
      { file: APP, replace: '    serverFarmId: plan.id\n', by: '' },
      { file: OBSERVABILITY, replace: '    WorkspaceResourceId: workspace.outputs.id\n', by: '' },
    ],
  },
  {
    name: 'what is logged is asked for by names that the services have',
    check: eachPlan((plan) =>
      ofType(plan, 'Microsoft.Insights/diagnosticSettings').flatMap(({ body, file, line }) =>
        [...listAt(body, 'properties.logs'), ...listAt(body, 'properties.metrics')]
          .map((one) => textAt(one, 'category'))
          .filter((category) => !CATEGORIES.includes(category))
          .map((category) => `${file}:${line}: "${category}"`),
      ),
    ),
    mutations: [
      { file: HOST, replace: "category: 'Transaction'", by: "category: 'Transactions'" },
      { file: APP, replace: "category: 'AllMetrics'", by: "category: 'Metrics'" },
    ],
  },
];
