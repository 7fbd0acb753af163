import { appIdOf } from '../support/bicep/azure.ts';
import { at } from '../support/bicep/values.ts';
import { listAt, settingsOf, textAt } from '../support/planned.ts';
import { eachPlan, ofType, type Rule } from '../support/rule.ts';

const MAIN = 'infra/main.bicep';
const FILE = 'infra/modules/app-registration.bicep';
const OPERATORS = 'infra/modules/operators.bicep';

const GRAPH = '00000003-0000-0000-c000-000000000000';
const AZURE_CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

/** Delegated permissions of Microsoft Graph: openid, profile, offline_access, User.Read. */
const PERMISSIONS = [
  '37f7f235-527c-4136-accd-4a02d197296e',
  '14dad69e-099b-42c9-810b-d002981feec1',
  '7427e0e9-2fba-42fe-b0c0-848c9e6a8182',
  'e1fe6dd8-ba31-4d61-89e7-88639da4683d',
];

/** Microsoft Graph in each cloud, by scenario; in the public one where nothing else is said. */
const GRAPHS: Readonly<Record<string, string>> = {
  'US Government': 'https://graph.microsoft.us/v1.0',
  China: 'https://microsoftgraph.chinacloudapi.cn/v1.0',
};

export const DIRECTORY_RULES: readonly Rule[] = [
  {
    name: 'every application that is registered is one in this tenant too: nobody could sign in to it else',
    check: eachPlan((plan) => {
      const present = ofType(plan, 'Microsoft.Graph/servicePrincipals').map(({ body }) => body.appId);
      return ofType(plan, 'Microsoft.Graph/applications')
        .filter(({ name }) => !present.includes(appIdOf(name)))
        .map(({ file, line }) => `${file}:${line}: no service principal`);
    }),
    mutations: [
      { file: FILE, replace: /^resource servicePrincipal [\s\S]*?^\}\n/m, by: '' },
      { file: OPERATORS, replace: /^resource servicePrincipal [\s\S]*?^\}\n/m, by: '' },
    ],
  },
  {
    name: 'people of this tenant alone may sign in and be operators, unless it is told otherwise',
    check: eachPlan((plan) =>
      ofType(plan, 'Microsoft.Graph/applications')
        .filter(({ body }) => body.signInAudience !== 'AzureADMyOrg')
        .map(({ file, line, body }) => `${file}:${line}: ${JSON.stringify(body.signInAudience)}`),
    ),
    mutations: [
      {
        file: MAIN,
        replace: "param signInAudience string = 'AzureADMyOrg'",
        by: "param signInAudience string = 'AzureADMultipleOrgs'",
      },
      { file: OPERATORS, replace: "  signInAudience: 'AzureADMyOrg'\n", by: '' },
    ],
  },
  {
    name: "an API of the operators' own is registered where it is asked for, and nowhere else",
    check: eachPlan((plan, scenario) => {
      const found = ofType(plan, 'Microsoft.Graph/applications').filter(({ file }) => file === OPERATORS);
      const wanted = scenario === 'everything' ? 1 : 0;
      return found.length === wanted ? [] : [`${found.length} are registered, not ${wanted}`];
    }),
    mutations: [
      { file: MAIN, replace: 'if (operatorDoor && empty(existing', by: 'if (operatorDoor || empty(existing' },
      { file: MAIN, replace: 'if (operatorDoor && empty(existingOperatorAudience))', by: 'if (operatorDoor)' },
    ],
  },
  {
    name: 'an operator gets a token by the Azure CLI, for the scope that the outputs name, with the issuer that the code knows',
    check: ({ plan }) => {
      const made = plan('everything');
      const body = ofType(made, 'Microsoft.Graph/applications').find(({ file }) => file === OPERATORS)?.body;
      const [uri] = listAt(body, 'identifierUris');
      const clients = listAt(body, 'api.preAuthorizedApplications');
      const may = clients.flatMap((client) => listAt(client, 'delegatedPermissionIds'));
      const scopes = listAt(body, 'api.oauth2PermissionScopes').filter((scope) => at(scope, 'isEnabled') === true);
      const types = listAt(body, 'appRoles').flatMap((role) => listAt(role, 'allowedMemberTypes'));
      return [
        ...(made.outputs.OPERATOR_SCOPE === `${uri}/.default` ? [] : [`the API is called ${uri}`]),
        ...(clients.map((client) => textAt(client, 'appId')).join() === AZURE_CLI ? [] : ['other clients may']),
        ...(may.join() === scopes.map((scope) => textAt(scope, 'id')).join() && may.length > 0 ? [] : ['no scope']),
        ...(scopes.every((scope) => textAt(scope, 'type') === 'Admin') ? [] : ['anybody may consent to it']),
        ...(types.join() === 'User,Application' ? [] : [`the role is for ${types.join()}`]),
        ...(at(body, 'api.requestedAccessTokenVersion') === 2 ? [] : ['tokens of another version']),
      ];
    },
    mutations: [
      { file: OPERATORS, replace: '${uniqueName}/.default', by: '${displayName}/.default' },
      { file: OPERATORS, replace: '04b07795', by: '04b07796' },
      { file: OPERATORS, replace: '        delegatedPermissionIds: [actScopeId]\n', by: '' },
      { file: OPERATORS, replace: "type: 'Admin'", by: "type: 'User'" },
      { file: OPERATORS, replace: "['User', 'Application']", by: "['User']" },
      { file: OPERATORS, replace: 'requestedAccessTokenVersion: 2', by: 'requestedAccessTokenVersion: 1' },
    ],
  },
  {
    name: 'unless it is told otherwise the application asks for signing in and for the own profile, as the person, and for no more',
    check: eachPlan((plan) =>
      ofType(plan, 'Microsoft.Graph/applications')
        .filter(({ file }) => file === FILE)
        .flatMap(({ body, file }) => {
          const asked = listAt(body, 'requiredResourceAccess').flatMap((api) =>
            listAt(api, 'resourceAccess').map(
              (one) => `${textAt(api, 'resourceAppId')} ${textAt(one, 'type')} ${textAt(one, 'id')}`,
            ),
          );
          const wanted = PERMISSIONS.map((id) => `${GRAPH} Scope ${id}`);
          return asked.join() === wanted.join() ? [] : [`${file}: it asks for ${asked.join()}`];
        }),
    ),
    mutations: [
      { file: FILE, replace: "type: 'Scope'", by: "type: 'Role'" },
      { file: FILE, replace: '      resourceAppId: permission.api\n', by: '' },
      { file: MAIN, replace: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', by: 'e1fe6dd8-ba31-4d61-89e7-88639da4683e' },
    ],
  },
  {
    name: "unless it is told otherwise the application calls who I am of its cloud's Microsoft Graph, and nothing of another provider's",
    check: eachPlan((plan, scenario) => {
      const { DOWNSTREAM_APIS = '{}' } = settingsOf(plan);
      if (scenario === 'everything') return [];
      const graph = {
        baseUrl: GRAPHS[scenario] ?? 'https://graph.microsoft.com/v1.0',
        scopes: ['User.Read'],
        allow: ['GET /me'],
      };
      const wanted = scenario === 'External ID' ? {} : { graph };
      return JSON.stringify(JSON.parse(DOWNSTREAM_APIS)) === JSON.stringify(wanted) ? [] : [DOWNSTREAM_APIS];
    }),
    mutations: [
      { file: MAIN, replace: '(empty(authority) ? graphMe : {})', by: 'graphMe' },
      { file: MAIN, replace: "allow: ['GET /me']", by: "allow: ['GET /**']" },
      { file: MAIN, replace: 'graph.microsoft.us', by: 'graph.microsoft.com' },
    ],
  },
];
