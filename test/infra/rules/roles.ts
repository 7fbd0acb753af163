import type { Plan } from '../support/bicep/plan.ts';
import type { Planned } from '../support/bicep/run.ts';
import { at } from '../support/bicep/values.ts';
import { applicationIdentity, hostAccounts, tableAccounts, textAt, theOne } from '../support/planned.ts';
import { eachOf, eachPlan, ofType, type Rule } from '../support/rule.ts';
import { DEPLOYER } from '../support/scenarios.ts';

/** @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const ROLES = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
} as const;

type RoleName = keyof typeof ROLES;
const ASSIGNMENT = 'Microsoft.Authorization/roleAssignments';
const VAULT = 'infra/modules/key-vault.bicep';

/** All that anybody may: the application where nothing else is said. */
function needed(plan: Plan): readonly (readonly [scope: string, role: RoleName, whose: 'application' | 'deployer'])[] {
  const [host] = hostAccounts(plan);
  const vault = theOne(plan, 'Microsoft.KeyVault/vaults').id;
  return [
    [host?.id ?? '', 'Storage Blob Data Owner', 'application'],
    [host?.id ?? '', 'Storage Queue Data Contributor', 'application'],
    ...tableAccounts(plan).map(({ id }) => [id, 'Storage Table Data Contributor', 'application'] as const),
    [vault, 'Key Vault Secrets User', 'application'],
    [vault, 'Key Vault Secrets Officer', 'deployer'],
    [theOne(plan, 'Microsoft.Insights/components').id, 'Monitoring Metrics Publisher', 'application'],
  ];
}

const roleOf = ({ body }: Planned): string => {
  const id = textAt(body, 'properties.roleDefinitionId').split('/').at(-1) ?? '';
  return Object.entries(ROLES).find(([, known]) => known === id)?.[0] ?? `an unknown role ${id}`;
};

export const ROLE_RULES: readonly Rule[] = [
  {
    name: 'every role is one of the table, by its id in the subscription',
    check: eachOf(ASSIGNMENT, (assignment) => {
      const id = textAt(assignment.body, 'properties.roleDefinitionId');
      if (!/^\/subscriptions\/[^/]+\/providers\/Microsoft\.Authorization\/roleDefinitions\/[^/]+$/.test(id)) return id;
      return roleOf(assignment).startsWith('an unknown') && roleOf(assignment);
    }),
    mutations: [
      { file: 'infra/modules/token-tables.bicep', replace: '0a9a7e1f', by: '0a9a7e1e' },
      {
        file: 'infra/modules/token-tables.bicep',
        replace: 'roleDefinitionId: storageTableDataContributor',
        by: "roleDefinitionId: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'",
      },
    ],
  },
  {
    name: 'the identity may do what the application needs, at each resource alone, and nobody may do anything else',
    check: eachPlan((plan) => {
      const expected = needed(plan).map(([scope, role]) => `${role} at ${scope}`);
      const given = ofType(plan, ASSIGNMENT).map((one) => `${roleOf(one)} at ${one.scope ?? 'the resource group'}`);
      return [
        ...given.filter((one) => !expected.includes(one)).map((one) => `${one}, which nobody needs`),
        ...expected
          .filter((one) => !given.includes(one) && !one.startsWith('Key Vault Secrets Officer'))
          .map((one) => `the application lacks ${one}`),
      ];
    }),
    mutations: [
      {
        file: 'infra/modules/key-vault.bicep',
        replace: '4633458b-17de-408a-b874-0445c86b69e6',
        by: ROLES['Key Vault Secrets Officer'],
      },
      { file: 'infra/modules/host-storage.bicep', replace: 'scope: account\n', by: '' },
      {
        file: 'infra/modules/token-tables.bicep',
        replace: /^resource readsAndWritesTables [\s\S]*?^\}\n/m,
        by: '',
      },
    ],
  },
  {
    name: "roles are the application's, but for one: who deploys writes secrets",
    check: eachPlan((plan) => {
      const { principalId } = applicationIdentity(plan);
      return ofType(plan, ASSIGNMENT).flatMap((assignment) => {
        const isOfDeployer = roleOf(assignment) === 'Key Vault Secrets Officer';
        const isApplication = textAt(assignment.body, 'properties.principalId') === principalId;
        return isApplication === isOfDeployer ? [`${assignment.file}:${assignment.line}: somebody else's`] : [];
      });
    }),
    mutations: [
      {
        file: 'infra/modules/token-tables.bicep',
        replace: 'principalId: identityPrincipalId',
        by: "principalId: '99999999-8888-7777-6666-555555555555'",
      },
    ],
  },
  {
    name: 'who deploys may write secrets, where that is said, and nobody where it is not',
    check: eachPlan((plan, scenario) => {
      const given = ofType(plan, ASSIGNMENT).filter((one) => roleOf(one) === 'Key Vault Secrets Officer');
      const whose = given.map(({ body }) => textAt(body, 'properties.principalId'));
      const wanted = scenario === 'short' ? [] : [DEPLOYER];
      const [found, asked] = [whose, wanted].map((ids) => JSON.stringify(ids));
      return found === asked ? [] : [`${found} may write secrets, not ${asked}`];
    }),
    mutations: [
      { file: VAULT, replace: 'if (!empty(deployerPrincipalId)) {', by: '{' },
      { file: VAULT, replace: 'if (!empty(deployerPrincipalId)) {', by: 'if (empty(deployerPrincipalId)) {' },
      { file: VAULT, replace: '    principalId: deployerPrincipalId\n', by: '' },
    ],
  },
  {
    // Without it Azure looks the principal up in the directory, where a new identity is not yet everywhere.
    name: 'every role assignment says of what kind its principal is, and is called by a GUID that is always the same',
    check: eachOf(ASSIGNMENT, ({ body, name }) => {
      if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)) return `is called "${name}"`;
      return at(body, 'properties.principalType') === undefined && 'no principalType';
    }),
    mutations: [
      { file: 'infra/modules/token-tables.bicep', replace: "    principalType: 'ServicePrincipal'\n", by: '' },
      { file: 'infra/modules/token-tables.bicep', replace: /name: guid\(.*\)/, by: "name: 'tables'" },
    ],
  },
  {
    name: 'every role assignment says why, in the portal and in the file',
    check: ({ plans, sources }) =>
      plans().flatMap(([, plan]) =>
        ofType(plan, ASSIGNMENT).flatMap(({ body, file, line }) => {
          const description = textAt(body, 'properties.description');
          const lines = sources.get(file)?.split('\n') ?? [];
          const end = lines.findIndex((text, at) => at >= line && text === '}');
          const isExplained = lines.slice(line - 1, end).some((text) => /^\s*\/\/ Why: .{20}/.test(text));
          const isTold = description.length >= 30;
          return isExplained && isTold ? [] : [`${file}:${line}: ${isTold ? 'no comment' : 'no description'}`];
        }),
      ),
    mutations: [
      { file: 'infra/modules/token-tables.bicep', replace: '// Why: ', by: '// ' },
      { file: 'infra/modules/token-tables.bicep', replace: /^\s*description: 'Sessions .*\n/m, by: '' },
    ],
  },
];
