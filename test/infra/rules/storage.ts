import { at } from '../support/bicep/values.ts';
import { hostAccounts, tableAccounts, textAt } from '../support/planned.ts';
import { eachOf, eachPlan, ofType, type Rule } from '../support/rule.ts';

const ACCOUNT = 'Microsoft.Storage/storageAccounts';
const HARDENING = 'infra/modules/storage-hardening.bicep';

const isOff = (path: string) =>
  eachOf(ACCOUNT, ({ body }) => at(body, `properties.${path}`) !== false && `${path} is not off`);

export const STORAGE_RULES: readonly Rule[] = [
  {
    name: 'no storage account takes a shared key',
    check: isOff('allowSharedKeyAccess'),
    mutations: [
      { file: HARDENING, replace: 'allowSharedKeyAccess: false', by: 'allowSharedKeyAccess: true' },
      { file: HARDENING, replace: '  allowSharedKeyAccess: false\n', by: '' },
    ],
  },
  {
    name: 'no storage account has blobs that anybody may read',
    check: isOff('allowBlobPublicAccess'),
    mutations: [{ file: HARDENING, replace: 'allowBlobPublicAccess: false', by: 'allowBlobPublicAccess: true' }],
  },
  {
    name: 'no blob container is open to anybody',
    check: eachOf(`${ACCOUNT}/blobServices/containers`, ({ body }) => {
      const access = at(body, 'properties.publicAccess');
      return access !== 'None' && `public access ${access}`;
    }),
    mutations: [
      { file: 'infra/modules/host-storage.bicep', replace: "publicAccess: 'None'", by: "publicAccess: 'Blob'" },
    ],
  },
  {
    name: 'storage is spoken to by TLS 1.2 or newer, and by https alone',
    check: eachOf(ACCOUNT, ({ body }) => {
      const version = textAt(body, 'properties.minimumTlsVersion');
      if (version !== 'TLS1_2' && version !== 'TLS1_3') return `TLS from ${version}`;
      return at(body, 'properties.supportsHttpsTrafficOnly') !== true && 'http is allowed';
    }),
    mutations: [
      { file: HARDENING, replace: "'TLS1_2'", by: "'TLS1_0'" },
      { file: HARDENING, replace: 'supportsHttpsTrafficOnly: true', by: 'supportsHttpsTrafficOnly: false' },
    ],
  },
  {
    name: "the token tables lie in accounts of their own, and the host's in another",
    check: eachPlan((plan) => {
      const [tables, host, all] = [tableAccounts(plan), hostAccounts(plan), ofType(plan, ACCOUNT)];
      if (tables.length === 0) return ['no account here is that of TABLES_ENDPOINT'];
      if (host.length !== 1) return [`${host.length} accounts here are those of AzureWebJobsStorage`];
      const shared = tables.filter((account) => host.includes(account));
      const idle = all.filter((account) => !tables.includes(account) && !host.includes(account));
      return [
        ...shared.map(({ name }) => `${name} is both`),
        ...idle.map(({ name }) => `${name} is asked for by nobody`),
      ];
    }),
    mutations: [
      {
        file: 'infra/main.bicep',
        replace: 'hostQueueEndpoint: hostStorage.outputs.queueEndpoint',
        by: "hostQueueEndpoint: replace(tokenTables[0].outputs.endpoint, '.table.', '.queue.')",
      },
    ],
  },
  {
    name: 'unless asked for, the tables are spread over zones and never copied to another region: a failover would bring back what was deleted',
    check: ({ plan }) =>
      tableAccounts(plan('least')).flatMap(({ name, body }) => {
        const sku = textAt(body, 'sku.name');
        return sku === 'Standard_ZRS' ? [] : [`${name} is ${sku}`];
      }),
    mutations: [
      { file: 'infra/main.bicep', replace: /(param tablesRedundancy [^=]*= )'\w+'/, by: "$1'Standard_GZRS'" },
      { file: 'infra/main.bicep', replace: /(param tablesRedundancy [^=]*= )'\w+'/, by: "$1'Standard_LRS'" },
    ],
  },
];
