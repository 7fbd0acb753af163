import { at } from '../support/bicep/values.ts';
import { hostAccounts, listAt, tableAccounts, textAt, theOne } from '../support/planned.ts';
import { ofType, type Rule } from '../support/rule.ts';

const SITE = 'Microsoft.Web/sites';

export const NETWORK_RULES: readonly Rule[] = [
  {
    name: 'with a private network nothing that is kept is reached from outside, and the app reaches all of it',
    check: ({ plan }) => {
      const made = plan('private');
      const vault = theOne(made, 'Microsoft.KeyVault/vaults');
      const kept = [...ofType(made, 'Microsoft.Storage/storageAccounts'), vault];
      const open = kept.filter(({ body }) => at(body, 'properties.publicNetworkAccess') !== 'Disabled');
      const reached = ofType(made, 'Microsoft.Network/privateEndpoints').flatMap(({ body }) =>
        listAt(body, 'properties.privateLinkServiceConnections').map(
          (one) => `${listAt(one, 'properties.groupIds').join()} of ${textAt(one, 'properties.privateLinkServiceId')}`,
        ),
      );
      const needed = [
        ...tableAccounts(made).map(({ id }) => `table of ${id}`),
        ...hostAccounts(made).flatMap(({ id }) => [`blob of ${id}`, `queue of ${id}`]),
        `vault of ${vault.id}`,
      ];
      const named = ofType(made, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups').length;
      return [
        ...open.map(({ name }) => `${name} is open`),
        ...needed.filter((one) => !reached.includes(one)).map((one) => `no endpoint: ${one}`),
        ...(named === reached.length ? [] : ['an endpoint has no name in the network']),
        ...(/virtualNetworks\/[^/]+\/subnets\//.test(
          textAt(theOne(made, SITE).body, 'properties.virtualNetworkSubnetId'),
        )
          ? []
          : ['the app is outside']),
      ];
    },
    mutations: [
      { file: 'infra/modules/token-tables.bicep', replace: "privateNetwork ? 'Disabled' : 'Enabled'", by: "'Enabled'" },
      { file: 'infra/modules/network.bicep', replace: "    { group: 'queue', id: hostStorageId }\n", by: '' },
      {
        file: 'infra/main.bicep',
        replace: 'subnetId: privateNetwork ? network!.outputs.appSubnetId : null',
        by: 'subnetId: null',
      },
    ],
  },
  {
    name: 'a vault that only some addresses reach lets no others in',
    check: ({ plan }) => {
      const { body } = theOne(plan('private, keys from outside'), 'Microsoft.KeyVault/vaults');
      const acls = at(body, 'properties.networkAcls');
      const addresses = listAt(acls, 'ipRules').map((rule) => textAt(rule, 'value'));
      return textAt(acls, 'defaultAction') === 'Deny' && addresses.join() === '198.51.100.7'
        ? []
        : [JSON.stringify(acls)];
    },
    mutations: [
      { file: 'infra/modules/key-vault.bicep', replace: "privateNetwork ? 'Deny' : 'Allow'", by: "'Allow'" },
      {
        file: 'infra/main.bicep',
        replace: 'allowedAddresses: keyVaultAllowedAddresses',
        by: "allowedAddresses: ['0.0.0.0/0']",
      },
    ],
  },
];
