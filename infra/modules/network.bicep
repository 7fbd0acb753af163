metadata description = 'A virtual network for the app to leave by, and private endpoints for all that it keeps things in.'

@description('Name of the virtual network.')
param name string

@description('Azure region.')
param location string

@description('Tags of the resources.')
param tags object

@description('Resource id of the storage account of the host.')
param hostStorageId string

@description('Resource ids of the storage accounts of the token tables.')
param tokenTablesIds string[]

@description('Resource id of the vault.')
param keyVaultId string

// What is reached by a private endpoint, and by which of its services (`groupIds`).
var targets = concat(
  [
    { group: 'blob', id: hostStorageId }
    { group: 'queue', id: hostStorageId }
    { group: 'vault', id: keyVaultId }
  ],
  map(tokenTablesIds, id => { group: 'table', id: id })
)

var groups = ['blob', 'queue', 'table', 'vault']
var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  // `.vault.azure.net` has its private names under `privatelink.vaultcore.azure.net`; likewise in the other clouds.
  vault: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
}

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: ['10.20.0.0/23']
    }
    subnets: [
      {
        // Flex Consumption wants a subnet for itself, delegated so, without `_` in its name, of /27 or larger.
        name: 'app'
        properties: {
          addressPrefix: '10.20.0.0/24'
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.20.1.0/24'
        }
      }
    ]
  }
}

resource appSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-07-01' existing = {
  parent: network
  name: 'app'
}

resource endpointsSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-07-01' existing = {
  parent: network
  name: 'endpoints'
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for group in groups: {
    name: zoneNames[group]
    location: 'global'
    tags: tags
  }
]

resource zoneLinks 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (group, index) in groups: {
    parent: zones[index]
    name: name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-07-01' = [
  for target in targets: {
    name: 'pep-${last(split(target.id, '/'))}-${target.group}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: endpointsSubnet.id
      }
      privateLinkServiceConnections: [
        {
          name: target.group
          properties: {
            privateLinkServiceId: target.id
            groupIds: [target.group]
          }
        }
      ]
    }
  }
]

resource endpointNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = [
  for (target, index) in targets: {
    parent: endpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.group
          properties: {
            privateDnsZoneId: zones[indexOf(groups, target.group)].id
          }
        }
      ]
    }
  }
]

@description('Resource id of the subnet by which the app leaves.')
output appSubnetId string = appSubnet.id
