import { hashGuid, hashText } from '../support/bicep/values.ts';
import { listAt, textAt } from '../support/planned.ts';
import { ofType, type Rule } from '../support/rule.ts';
import { ENVIRONMENT_NAME } from '../support/scenarios.ts';

const MAIN = 'infra/main.bicep';
const OPERATORS = 'infra/modules/operators.bicep';

/** As the templates have them since version 0.1.0: a deployment under another name leaves behind what is kept under this one. */
const namesOf = (token: string): Readonly<Record<string, readonly string[]>> => ({
  'Microsoft.Graph/applications': [`exeunt-${token}`, `exeunt-operators-${token}`],
  'Microsoft.KeyVault/vaults': [`kv-${token}`],
  'Microsoft.ManagedIdentity/userAssignedIdentities': [`id-${token}`],
  'Microsoft.Storage/storageAccounts': [`sthost${token}`, `sttables${token}`, `sttables${token}1`, `sttables${token}2`],
  'Microsoft.Web/sites': [`func-${token}`],
});

export const LASTING_RULES: readonly Rule[] = [
  {
    // Sessions, keys, what waits in the queue, the registration, whom the directory trusts, and the host name that people have.
    name: 'what keeps something is called as it was by every version before',
    check: ({ plan }) => {
      const made = plan('everything');
      const group = '/subscriptions/22222222-3333-4444-5555-666666666666/resourceGroups/westeurope-group';
      const token = hashText(13, 'abcdefghijklmnopqrstuvwxyz234567', [group, ENVIRONMENT_NAME]);
      return Object.entries(namesOf(token)).flatMap(([type, names]) => {
        const found = ofType(made, type).map(({ name }) => name);
        return found.toSorted().join() === names.join() ? [] : [`${type}: ${found.join()}, not ${names.join()}`];
      });
    },
    mutations: [
      { file: MAIN, replace: "? 'sttables${token}'", by: "? 'sttables${token}0'" },
      { file: MAIN, replace: "'sttables${token}${index}'", by: "'sttables${token}${index + 1}'" },
      { file: MAIN, replace: "name: 'kv-${token}'", by: "name: 'vault-${token}'" },
      { file: MAIN, replace: "uniqueName: 'exeunt-${token}'", by: "uniqueName: 'exeunt${token}'" },
      { file: MAIN, replace: 'resourceGroup().id, environmentName)', by: 'environmentName, resourceGroup().id)' },
    ],
  },
  {
    // The directory refuses a role or a scope that is gone while it is enabled; and whoever has the old one has not the new.
    name: "the operators' role and scope have the ids that they always had",
    check: ({ plan }) =>
      ofType(plan('everything'), 'Microsoft.Graph/applications')
        .filter(({ file }) => file === OPERATORS)
        .flatMap(({ body, name }) => {
          const [role, scope] = [listAt(body, 'appRoles')[0], listAt(body, 'api.oauth2PermissionScopes')[0]];
          const ids = [textAt(role, 'id'), textAt(scope, 'id')];
          const wanted = ['Exeunt.Operator', 'act'].map((value) => hashGuid([name, value]));
          return ids.filter((id, index) => id !== wanted[index]).map((id) => `the id ${id}`);
        }),
    mutations: [
      { file: OPERATORS, replace: "guid(uniqueName, 'Exeunt.Operator')", by: "guid(uniqueName, 'Operator')" },
      { file: OPERATORS, replace: "guid(uniqueName, 'act')", by: "guid(displayName, 'act')" },
    ],
  },
];
