import { at } from '../support/bicep/values.ts';
import { hostAccounts, listAt, tableAccounts, textAt, theOne } from '../support/planned.ts';
import { eachPlan, ofType, type Rule } from '../support/rule.ts';

const SITE = 'Microsoft.Web/sites';
const NETWORK = 'infra/modules/network.bicep';

const KEPT = ['Microsoft.Storage/storageAccounts', 'Microsoft.KeyVault/vaults'];

/** What it has to be called, so that the names that people use lead to the endpoint; in the public cloud. */
const ZONES: Readonly<Record<string, string>> = {
  blob: 'privatelink.blob.core.windows.net',
  queue: 'privatelink.queue.core.windows.net',
  table: 'privatelink.table.core.windows.net',
  vault: 'privatelink.vaultcore.azure.net',
};

export const NETWORK_RULES: readonly Rule[] = [
  {
    // Whoever deploys writes the session keys, and the app reads all of it: by tokens alone, from anywhere.
    name: 'without a private network there is none, and what is kept is reached from everywhere; with one the firewall is shut',
    check: eachPlan((plan, scenario) => {
      const isPrivate = scenario.startsWith('private') || scenario === 'long';
      const made = plan.resources.filter(({ type }) => type.startsWith('Microsoft.Network/'));
      const wrong = KEPT.flatMap((type) => ofType(plan, type)).filter(({ body, type }) => {
        const isOfVault = type === 'Microsoft.KeyVault/vaults' && scenario === 'private, keys from outside';
        const wanted = [isPrivate && !isOfVault ? 'Disabled' : 'Enabled', isPrivate ? 'Deny' : 'Allow'];
        const found = ['publicNetworkAccess', 'networkAcls.defaultAction'].map((one) =>
          textAt(body, `properties.${one}`),
        );
        return found.join() !== wanted.join();
      });
      return [
        ...(made.length > 0 === isPrivate ? [] : [`${made.length} resources of a network`]),
        ...wrong.map(({ name }) => `${name} is not as open as it is to be`),
      ];
    }),
    mutations: [
      { file: 'infra/main.bicep', replace: "network.bicep' = if (privateNetwork) {", by: "network.bicep' = {" },
      { file: 'infra/modules/key-vault.bicep', replace: 'privateNetwork && empty', by: 'privateNetwork || empty' },
      { file: 'infra/modules/token-tables.bicep', replace: "privateNetwork ? 'Deny' : 'Allow'", by: "'Allow'" },
      { file: 'infra/modules/host-storage.bicep', replace: /^ *defaultAction: .*\n/m, by: '' },
      { file: 'infra/modules/host-storage.bicep', replace: "'Disabled' : 'Enabled'", by: "'Enabled' : 'Disabled'" },
    ],
  },
  {
    name: 'in a private network the names that everybody uses lead to the endpoints',
    check: ({ plan }) => {
      const made = plan('private');
      const network = theOne(made, 'Microsoft.Network/virtualNetworks').id;
      const links = ofType(made, 'Microsoft.Network/privateDnsZones/virtualNetworkLinks');
      const linked = links
        .filter(({ body }) => textAt(body, 'properties.virtualNetwork.id') === network)
        .filter(({ body }) => at(body, 'properties.registrationEnabled') === false)
        .map(({ name }) => name.split('/')[0]);
      const endpoints = ofType(made, 'Microsoft.Network/privateEndpoints');
      return ofType(made, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups').flatMap(({ name, body }) => {
        const endpoint = endpoints.find((one) => one.name === name.split('/')[0]);
        const [connection] = listAt(endpoint?.body, 'properties.privateLinkServiceConnections');
        const [group] = listAt(connection, 'properties.groupIds');
        const [config] = listAt(body, 'properties.privateDnsZoneConfigs');
        const zone = textAt(config, 'properties.privateDnsZoneId').split('/').at(-1) ?? '';
        return zone === ZONES[String(group)] && linked.includes(zone) ? [] : [`${name} is known as ${zone}`];
      });
    },
    mutations: [
      { file: NETWORK, replace: 'zones[indexOf(groups, target.group)]', by: 'zones[0]' },
      { file: NETWORK, replace: "'.vaultcore.'", by: "'.vault.'" },
      { file: NETWORK, replace: /^resource zoneLinks [\s\S]*?^\]\n/m, by: '' },
      { file: NETWORK, replace: '        id: network.id\n', by: '' },
      { file: NETWORK, replace: '      registrationEnabled: false\n', by: '' },
    ],
  },
  {
    name: 'the app and the endpoints have each a subnet of the network, which do not overlap; the app alone has its own',
    check: ({ plan }) => {
      const made = plan('private');
      const { id, body } = theOne(made, 'Microsoft.Network/virtualNetworks');
      const subnets = listAt(body, 'properties.subnets');
      const named = (name: string) => subnets.find((subnet) => `${id}/subnets/${textAt(subnet, 'name')}` === name);
      const ofApp = named(textAt(theOne(made, SITE).body, 'properties.virtualNetworkSubnetId'));
      const ofEndpoints = ofType(made, 'Microsoft.Network/privateEndpoints').map((endpoint) =>
        named(textAt(endpoint.body, 'properties.subnet.id')),
      );
      const [delegation] = listAt(ofApp, 'properties.delegations');
      const ranges = subnets.map((subnet) => rangeOf(textAt(subnet, 'properties.addressPrefix')));
      const [whole = [0, 0]] = listAt(body, 'properties.addressSpace.addressPrefixes').map((one) =>
        rangeOf(String(one)),
      );
      const isOutside = ranges.some(([from, to]) => !(from >= whole[0] && to <= whole[1]));
      const [first = [0, 0], second = [0, 0]] = ranges;
      return [
        ...(textAt(delegation, 'properties.serviceName') === 'Microsoft.App/environments' ? [] : ['not delegated']),
        ...(delegation === undefined || textAt(delegation, 'name') === '' ? ['a delegation has no name'] : []),
        ...(ofEndpoints.every((subnet) => subnet !== undefined && subnet !== ofApp) ? [] : ['endpoints are elsewhere']),
        ...(isOutside ? ['a subnet is outside'] : []),
        ...(first[0] <= second[1] && second[0] <= first[1] ? ['the subnets overlap'] : []),
      ];
    },
    mutations: [
      { file: NETWORK, replace: "'Microsoft.App/environments'", by: "'Microsoft.Web/serverFarms'" },
      { file: NETWORK, replace: "addressPrefix: '10.20.1.0/24'", by: "addressPrefix: '10.20.0.128/25'" },
      { file: NETWORK, replace: "addressPrefix: '10.20.1.0/24'", by: "addressPrefix: '10.20.2.0/24'" },
      { file: NETWORK, replace: /(endpointsSubnet [^\n]*\n {2}parent: network\n {2}name: )'endpoints'/, by: "$1'app'" },
      { file: NETWORK, replace: "            {\n              name: 'flex-consumption'\n", by: '            {\n' },
    ],
  },
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

/** The first and the last address of a prefix such as `10.20.0.0/24`, as numbers; none where it is no such. */
function rangeOf(prefix: string): readonly [first: number, last: number] {
  const [, a, b, c, d, bits] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(prefix)?.map(Number) ?? [];
  const first = [a, b, c, d].reduce<number>((sum, part) => sum * 256 + (part ?? Number.NaN), 0);
  return [first, first + 2 ** (32 - (bits ?? Number.NaN)) - 1];
}
