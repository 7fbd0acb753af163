import type { Plan } from '../support/bicep/plan.ts';
import type { Planned } from '../support/bicep/run.ts';
import { eachPlan, ofType, type Rule } from '../support/rule.ts';

interface Limit {
  readonly least: number;
  readonly most: number;
  readonly form: RegExp;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const WORDS = /^[A-Za-z0-9](?:[A-Za-z0-9._()-]*[A-Za-z0-9_()])?$/;
const HYPHENED = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;
const limit = (least: number, most: number, form = WORDS): Limit => ({ least, most, form });

/**
 * How the last part of a name may look, by type in lower case.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
const LIMITS: Readonly<Record<string, Limit>> = {
  'microsoft.authorization/roleassignments': limit(36, 36, GUID),
  'microsoft.insights/actiongroups': limit(1, 260),
  'microsoft.insights/components': limit(1, 260),
  'microsoft.insights/diagnosticsettings': limit(1, 260),
  'microsoft.insights/metricalerts': limit(1, 260),
  'microsoft.insights/scheduledqueryrules': limit(1, 260),
  'microsoft.insights/workbooks': limit(36, 36, GUID),
  // No two hyphens in a row; begins with a letter.
  'microsoft.keyvault/vaults': limit(3, 24, /^[A-Za-z](?!.*--)[A-Za-z0-9-]*[A-Za-z0-9]$/),
  'microsoft.managedidentity/userassignedidentities': limit(3, 128, /^[A-Za-z0-9][A-Za-z0-9_-]*$/),
  'microsoft.network/privatednszones': limit(1, 63, /^privatelink\.[a-z.]+$/),
  'microsoft.network/privatednszones/virtualnetworklinks': limit(1, 80),
  'microsoft.network/privateendpoints': limit(2, 64),
  'microsoft.network/privateendpoints/privatednszonegroups': limit(1, 80),
  'microsoft.network/virtualnetworks': limit(2, 64),
  'microsoft.operationalinsights/workspaces': limit(4, 63, HYPHENED),
  'microsoft.storage/storageaccounts': limit(3, 24, /^[a-z0-9]+$/),
  'microsoft.storage/storageaccounts/blobservices/containers': limit(3, 63, /^[a-z0-9](?:-?[a-z0-9])*$/),
  'microsoft.web/serverfarms': limit(1, 60, HYPHENED),
  // Past 32 the Functions host takes the first 32 for its own id.
  'microsoft.web/sites': limit(2, 32, HYPHENED),
};

/** Of these Azure has only such names. */
const GIVEN: Readonly<Record<string, readonly string[]>> = {
  'microsoft.storage/storageaccounts/blobservices': ['default'],
  'microsoft.storage/storageaccounts/queueservices': ['default'],
  'microsoft.storage/storageaccounts/tableservices': ['default'],
  'microsoft.web/sites/basicpublishingcredentialspolicies': ['ftp', 'scm'],
  'microsoft.web/sites/config': ['appsettings', 'authsettingsV2'],
};

/** Nobody else in the world may have such a name. */
const GLOBAL = ['Microsoft.Storage/storageAccounts', 'Microsoft.KeyVault/vaults', 'Microsoft.Web/sites'];
const MAIN = 'infra/main.bicep';

const globalNames = (plan: Plan): readonly string[] =>
  GLOBAL.flatMap((type) => ofType(plan, type).map(({ name }) => name));

function problemWith({ type, name }: Planned): string | null {
  const last = name.split('/').at(-1) ?? '';
  const given = GIVEN[type.toLowerCase()];
  if (given !== undefined) return given.includes(last) ? null : `is none of ${given.join(', ')}`;
  if (type.startsWith('Microsoft.Graph/')) return name.length <= 120 ? null : 'is longer than 120';
  const rule = LIMITS[type.toLowerCase()];
  if (rule === undefined) return 'has no limits in the table of this test';
  if (last.length < rule.least || last.length > rule.most) return `is not of ${rule.least} to ${rule.most} characters`;
  return rule.form.test(last) ? null : `does not match ${rule.form}`;
}

export const NAME_RULES: readonly Rule[] = [
  {
    name: "names are within Azure's limits, whatever the environment is called",
    check: eachPlan((plan) =>
      plan.resources.flatMap((planned) => {
        const problem = problemWith(planned);
        return problem === null ? [] : [`${planned.file}:${planned.line}: "${planned.name}" ${problem}`];
      }),
    ),
    mutations: [
      { file: MAIN, replace: "name: 'kv-${token}'", by: "name: 'kv-${environmentName}'" },
      { file: MAIN, replace: "name: 'sthost${token}'", by: "name: 'st-host${token}'" },
      { file: MAIN, replace: "name: 'sthost${token}'", by: "name: 'sthost${environmentName}'" },
      {
        file: MAIN,
        replace: "name: 'func-${token}'",
        by: "name: take('${environmentName}-func-${token}-of-this-application', 40)",
      },
      { file: MAIN, replace: "name: 'id-${token}'", by: 'name: substring(environmentName, 0, 1)' },
    ],
  },
  {
    name: 'deployments of modules are called by at most 64 characters, each by a name of its own',
    check: eachPlan(({ deployments }) => [
      ...deployments.filter((name) => !/^[A-Za-z0-9_.()-]{1,64}$/.test(name)),
      ...deployments.filter((name, at) => deployments.indexOf(name) !== at).map((name) => `${name} twice`),
    ]),
    mutations: [
      { file: MAIN, replace: "name: 'identity-${token}'", by: "name: 'identity-${environmentName}'" },
      { file: MAIN, replace: "name: 'token-tables-${token}-${index}'", by: "name: 'token-tables-${token}'" },
    ],
  },
  {
    // In one file Bicep refuses it (BCP121); from two, the later deployment writes over the earlier.
    name: 'nothing is made twice',
    check: eachPlan(({ resources }) => {
      const ids = resources.map(({ id }) => id.toLowerCase());
      return resources
        .filter(({ id }, at) => ids.indexOf(id.toLowerCase()) !== at)
        .map(({ file, line, id }) => `${file}:${line}: ${id} again`);
    }),
    mutations: [
      { file: 'infra/modules/network.bicep', replace: 'name: zoneNames[group]', by: 'name: zoneNames.blob' },
      { file: 'infra/modules/function-app.bicep', replace: "name: 'ftp'", by: "name: 'scm'" },
      { file: MAIN, replace: "name: 'sthost${token}'", by: "name: 'sttables${token}'" },
      { file: 'infra/modules/alerts.bicep', replace: "id: 'bug'", by: "id: 'refusals'" },
    ],
  },
  {
    name: 'no two environments ask for the same name',
    check: ({ plan }) => {
      const others = new Set(['short', 'long'].flatMap((other) => globalNames(plan(other as 'short' | 'long'))));
      return globalNames(plan('least')).filter((name) => others.has(name));
    },
    mutations: [
      {
        file: MAIN,
        replace: 'uniqueString(resourceGroup().id, environmentName)',
        by: 'uniqueString(resourceGroup().id)',
      },
      { file: MAIN, replace: "name: 'kv-${token}'", by: "name: 'kv-exeunt'" },
    ],
  },
  {
    // Accounts are shared out by the names of the storage accounts, and a vault under another name holds no keys.
    name: 'what is called how hangs on the environment alone: other parameters change no name',
    check: ({ plan }) => {
      const names = globalNames(plan('least'));
      return (['everything', 'private', 'External ID'] as const).flatMap((scenario) => {
        const there = globalNames(plan(scenario));
        return names.filter((name) => !there.includes(name)).map((name) => `${scenario}: ${name} is called otherwise`);
      });
    },
    mutations: [
      { file: MAIN, replace: "'sttables${token}'", by: "'sttables${take(uniqueString(token, applicationName), 13)}'" },
      { file: MAIN, replace: "name: 'kv-${token}'", by: "name: privateNetwork ? 'kvp-${token}' : 'kv-${token}'" },
    ],
  },
];
