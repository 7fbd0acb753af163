import { at } from '../support/bicep/values.ts';
import { listAt } from '../support/planned.ts';
import { eachOf, eachPlan, type Rule } from '../support/rule.ts';

const VAULT = 'Microsoft.KeyVault/vaults';
const FILE = 'infra/modules/key-vault.bicep';

const isOn = (path: string) =>
  eachOf(VAULT, ({ body }) => at(body, `properties.${path}`) !== true && `${path} is not on`);

export const VAULT_RULES: readonly Rule[] = [
  {
    name: 'who may do what with the vault is said by roles, and by no access policy',
    check: eachOf(VAULT, ({ body }) => {
      if (listAt(body, 'properties.accessPolicies').length > 0) return 'it has access policies';
      return at(body, 'properties.enableRbacAuthorization') !== true && 'roles do not count';
    }),
    mutations: [
      { file: FILE, replace: 'enableRbacAuthorization: true', by: 'enableRbacAuthorization: false' },
      {
        file: FILE,
        replace: 'enableRbacAuthorization: true',
        by: 'enableRbacAuthorization: true\n    accessPolicies: [\n      {\n        objectId: identityPrincipalId\n      }\n    ]',
      },
    ],
  },
  {
    name: 'what is deleted from the vault can be had back, and nobody can purge it',
    check: (infra) => [...isOn('enablePurgeProtection')(infra), ...isOn('enableSoftDelete')(infra)],
    mutations: [
      { file: FILE, replace: 'enablePurgeProtection: true', by: 'enablePurgeProtection: false' },
      { file: FILE, replace: '    enablePurgeProtection: true\n', by: '' },
      { file: FILE, replace: 'enableSoftDelete: true', by: 'enableSoftDelete: false' },
    ],
  },
  {
    name: 'no template reads from the vault',
    check: eachOf(VAULT, ({ body }) => {
      const path = ['enabledForTemplateDeployment', 'enabledForDeployment', 'enabledForDiskEncryption'].find(
        (name) => at(body, `properties.${name}`) !== false,
      );
      return path !== undefined && `${path} is not off`;
    }),
    mutations: [
      { file: FILE, replace: 'enabledForTemplateDeployment: false', by: 'enabledForTemplateDeployment: true' },
    ],
  },
  {
    // A value in a template is in the deployment's history, and another at each deployment.
    name: 'no secret, key or script of a deployment is a resource of the template',
    check: eachPlan(({ resources }) =>
      resources
        .filter(({ type }) => /^Microsoft\.(?:KeyVault\/vaults\/.+|Resources\/deploymentScripts)$/i.test(type))
        .map(({ file, line, type }) => `${file}:${line}: a ${type}`),
    ),
    mutations: [
      {
        file: FILE,
        replace: '// Who read, wrote',
        by: "resource keys 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {\n  parent: vault\n  name: 'session-keys'\n  properties: {\n    value: 'k1:AAAA'\n  }\n}\n\n// Who read, wrote",
      },
    ],
  },
];
