import { at } from '../support/bicep/values.ts';
import { textAt, theOne } from '../support/planned.ts';
import { eachOf, eachPlan, ofType, type Rule } from '../support/rule.ts';

const APP = 'infra/modules/function-app.bicep';
const SITE = 'Microsoft.Web/sites';

export const PLATFORM_RULES: readonly Rule[] = [
  {
    name: 'the app runs on Flex Consumption, on the Node that is developed and tested with',
    check: eachPlan((plan) => {
      const sku = theOne(plan, 'Microsoft.Web/serverfarms').body;
      const config = at(theOne(plan, SITE).body, 'properties.functionAppConfig');
      const isFlex = textAt(sku, 'sku.name') === 'FC1' && textAt(sku, 'sku.tier') === 'FlexConsumption';
      const runtime = `${textAt(config, 'runtime.name')} ${textAt(config, 'runtime.version')}`;
      const [major] = process.versions.node.split('.');
      return [...(isFlex ? [] : ['another plan']), ...(runtime === `node ${major}` ? [] : [runtime])];
    }),
    mutations: [
      { file: APP, replace: "version: '24'", by: "version: '20'" },
      { file: APP, replace: "name: 'FC1'", by: "name: 'Y1'" },
    ],
  },
  {
    name: 'the package is read by the identity, from a container that there is',
    check: eachPlan((plan) => {
      const storage = at(theOne(plan, SITE).body, 'properties.functionAppConfig.deployment.storage');
      const value = textAt(storage, 'value');
      const isThere = ofType(plan, 'Microsoft.Storage/storageAccounts/blobServices/containers').some(({ name }) => {
        const [account, , container] = name.split('/');
        return value.startsWith(`https://${account}.blob.`) && value.endsWith(`/${container}`);
      });
      const isByIdentity = textAt(storage, 'authentication.type') === 'UserAssignedIdentity';
      return [...(isThere ? [] : [`${value} is no container here`]), ...(isByIdentity ? [] : ['not by identity'])];
    }),
    mutations: [
      { file: APP, replace: "type: 'UserAssignedIdentity'\n", by: "type: 'StorageAccountConnectionString'\n" },
      { file: 'infra/modules/host-storage.bicep', replace: '/${packages.name}', by: '/other' },
    ],
  },
  {
    name: 'the app is reached by https with TLS 1.2 or newer, and nobody publishes to it with a password',
    check: eachPlan((plan) => {
      const { body, name } = theOne(plan, SITE);
      const versions = ['minTlsVersion', 'scmMinTlsVersion'].filter(
        (one) => !['1.2', '1.3'].includes(textAt(body, `properties.siteConfig.${one}`)),
      );
      const policies = ofType(plan, `${SITE}/basicPublishingCredentialsPolicies`);
      const closed = policies
        .filter((policy) => at(policy.body, 'properties.allow') === false)
        .map((policy) => policy.name);
      return [
        ...(at(body, 'properties.httpsOnly') === true ? [] : ['http is answered']),
        ...versions.map((one) => `${one} is older than 1.2`),
        ...['ftp', 'scm'].filter((one) => !closed.includes(`${name}/${one}`)).map((one) => `${one} takes a password`),
      ];
    }),
    mutations: [
      { file: APP, replace: 'httpsOnly: true', by: 'httpsOnly: false' },
      { file: APP, replace: "    minTlsVersion: '1.2'", by: "    minTlsVersion: '1.0'" },
      {
        file: APP,
        replace: "  name: 'scm'\n  properties: {\n    allow: false",
        by: "  name: 'scm'\n  properties: {\n    allow: true",
      },
    ],
  },
  {
    name: 'azd finds the app by the name that its service has in azure.yaml',
    check: (infra) =>
      eachOf(SITE, ({ body }) => {
        const tag = at(body, 'tags.azd-service-name');
        return !new RegExp(`^  ${tag}:$`, 'm').test(infra.sources.get('azure.yaml') ?? '') && `${tag} is no service`;
      })(infra),
    mutations: [{ file: 'infra/main.bicep', replace: "serviceName: 'api'", by: "serviceName: 'web'" }],
  },
];
