import { guid } from '../identifiers.ts';
import { webUrl } from '../origin.ts';
import { mapped } from '../schema.ts';
import { sessionKeys } from '../session-keys.ts';
import type { TablesSettings } from '../settings.ts';
import { BETWEEN_CONNECTION_STRINGS, tablesConnectionString, tablesList } from '../tables.ts';
import type { SettingDefinition } from './definition.ts';

// https only: the Tables SDK refuses to send a managed identity's token over http.
const tablesEndpoint = mapped(
  webUrl({ httpOnLoopback: false, query: false }),
  (endpoint): TablesSettings => ({ kind: 'endpoint', endpoint }),
);

/** The tables, and the keys under which everything in them is sealed. */
export const STORAGE_SETTINGS = {
  TABLES_ENDPOINT: {
    meaning:
      "The storage account's table endpoint, reached with the managed identity. Several, with commas between them, share the accounts out.",
    example: 'https://contoso.table.core.windows.net',
    required: 'one of the ways to the tables',
    schema: tablesList(tablesEndpoint),
  },
  TABLES_CONNECTION_STRING: {
    meaning: "The storage account's connection string, for development; several likewise.",
    example: 'UseDevelopmentStorage=true',
    required: 'one of the ways to the tables',
    schema: tablesList(tablesConnectionString, BETWEEN_CONNECTION_STRINGS),
  },
  TABLES_ENDPOINT_MOVING: {
    meaning:
      'While the application moves from one list of storage accounts to another: the other list, in which what it holds is read and ended too ([how](docs/scale.md#moving)).',
    example: 'https://contoso.table.core.windows.net',
    required: 'no',
    schema: tablesList(tablesEndpoint),
  },
  TABLES_CONNECTION_STRING_MOVING: {
    meaning: 'The same for `TABLES_CONNECTION_STRING`.',
    example: 'UseDevelopmentStorage=true',
    required: 'no',
    schema: tablesList(tablesConnectionString, BETWEEN_CONNECTION_STRINGS),
  },
  TABLES_MANAGED_IDENTITY_CLIENT_ID: {
    meaning: 'The client id of the user-assigned managed identity that reaches `TABLES_ENDPOINT`.',
    example: '11111111-2222-3333-4444-555555555555',
    required: 'no',
    otherwise: 'as `AUTH_MANAGED_IDENTITY_CLIENT_ID`; without either, the system-assigned identity',
    schema: guid,
  },
  SESSION_KEYS: {
    meaning: 'Keys of 32 bytes in base64, each behind its id: the first seals, all open.',
    example: 'k1:$(openssl rand -base64 32)',
    required: 'yes',
    schema: sessionKeys,
  },
} as const satisfies Record<string, SettingDefinition>;
