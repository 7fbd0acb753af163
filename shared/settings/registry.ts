import { clientCertificate } from './credential.ts';
import { downstreamApis } from './downstream-apis.ts';
import { displayName, guid, guids, signinScopes, visibleText } from './identifiers.ts';
import { origin, webUrl } from './origin.ts';
import { sessionKeys } from './session-keys.ts';
import type { ClientCredential, TablesSettings } from './settings.ts';
import { tablesConnectionString } from './tables.ts';
import { mapped, oneOf, type TextSchema, wholeNumber } from './text-schema.ts';

/** One setting: all that the parser, its messages and the README's table say of it. */
export interface SettingDefinition<T = unknown> {
  /** One sentence. */
  readonly meaning: string;
  /** A right value. Where that would be a secret, what makes one: nobody then runs with a published key. */
  readonly example: string;
  /** Settings with the same `one of …` are a group, of which exactly one is set. */
  readonly required: 'yes' | 'no' | 'one of the client credentials' | 'one of the ways to the tables';
  /** Read by the same schema where the setting is not set. */
  readonly default?: string;
  /** Where there is no default but what other settings give: that, in words. */
  readonly otherwise?: string;
  readonly schema: TextSchema<T>;
}

const SESSION_MINUTES_MAX = 43_200;
const minutes = wholeNumber(1, SESSION_MINUTES_MAX);

const clientSecret = mapped(visibleText, (secret): ClientCredential => ({ kind: 'secret', secret }));
const managedIdentity = mapped(
  guid,
  (managedIdentityClientId): ClientCredential => ({ kind: 'managed-identity', managedIdentityClientId }),
);
// https only: the Tables SDK refuses to send a managed identity's token over http.
const tablesEndpoint = mapped(
  webUrl({ httpOnLoopback: false, query: false }),
  (endpoint): TablesSettings => ({ kind: 'endpoint', endpoint }),
);

/** Every setting, in the order in which a person meets them. Read by `parseSettings`; the README's table is made from it. */
export const SETTINGS = {
  PUBLIC_ORIGIN: {
    meaning: "This application's own origin: the one source of scheme and host for the URLs that it makes.",
    example: 'https://app.contoso.com',
    required: 'yes',
    schema: origin,
  },
  AUTH_AUTHORITY: {
    meaning: 'The OpenID provider (OP).',
    example: 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555',
    required: 'yes',
    schema: webUrl({ httpOnLoopback: false, query: false }),
  },
  AUTH_METADATA_URL: {
    meaning: "Where the OP's discovery document is read when it is not under the authority; the issuer in it counts.",
    example: 'https://login.contoso.com/tenant/v2.0/.well-known/openid-configuration',
    required: 'no',
    otherwise:
      '`{AUTH_AUTHORITY}/v2.0/.well-known/openid-configuration` for `entra`, `{AUTH_AUTHORITY}/.well-known/openid-configuration` for `oidc`',
    schema: webUrl({ httpOnLoopback: true, query: true }),
  },
  AUTH_PROTOCOL: {
    meaning:
      "Whether the OP speaks Entra ID's dialect (`entra`) or OpenID Connect as the specification has it (`oidc`).",
    example: 'entra',
    required: 'no',
    default: 'entra',
    schema: oneOf('entra', 'oidc'),
  },
  AUTH_CLIENT_ID: {
    meaning: "This application's client id at the OP.",
    example: '66666666-7777-8888-9999-000000000000',
    required: 'yes',
    schema: visibleText,
  },
  AUTH_CLIENT_SECRET: {
    meaning: "The client secret's value, not its id.",
    example: 'the-value-that-the-portal-shows-once',
    required: 'one of the client credentials',
    schema: clientSecret,
  },
  AUTH_CLIENT_CERTIFICATE: {
    meaning: 'An RSA private key, its certificate and the chain, in PEM; line ends may be written as `\\n`.',
    example:
      '-----BEGIN PRIVATE KEY-----\\nMIIE…\\n-----END PRIVATE KEY-----\\n-----BEGIN CERTIFICATE-----\\nMIID…\\n-----END CERTIFICATE-----',
    required: 'one of the client credentials',
    schema: clientCertificate,
  },
  AUTH_MANAGED_IDENTITY_CLIENT_ID: {
    meaning:
      'The client id of the user-assigned managed identity whose token is the client assertion: no secret at all.',
    example: '11111111-2222-3333-4444-555555555555',
    required: 'one of the client credentials',
    schema: managedIdentity,
  },
  AUTH_SCOPES: {
    meaning: 'Scopes asked for at sign-in beyond `openid profile offline_access`, with spaces between them.',
    example: 'User.Read Mail.Read',
    required: 'no',
    default: '',
    schema: signinScopes,
  },
  AUTH_RESPONSE_MODE: {
    meaning: 'How the OP sends the authorization code back.',
    example: 'query',
    required: 'no',
    default: 'query',
    schema: oneOf('query', 'form_post'),
  },
  AUTH_TENANTS: {
    meaning:
      'Ids of the tenants let in, with commas between them; none named: whom the authority lets in. Required where that is `common`, `organizations` or `consumers`.',
    example: '11111111-2222-3333-4444-555555555555,66666666-7777-8888-9999-000000000000',
    required: 'no',
    default: '',
    schema: guids,
  },
  TABLES_ENDPOINT: {
    meaning: "The storage account's table endpoint, reached with the managed identity.",
    example: 'https://contoso.table.core.windows.net',
    required: 'one of the ways to the tables',
    schema: tablesEndpoint,
  },
  TABLES_CONNECTION_STRING: {
    meaning: "The storage account's connection string, for development.",
    example: 'UseDevelopmentStorage=true',
    required: 'one of the ways to the tables',
    schema: tablesConnectionString,
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
  SESSION_IDLE_MINUTES: {
    meaning: 'A session ends when it was not used for so long; never more than `SESSION_ABSOLUTE_MINUTES`.',
    example: '60',
    required: 'no',
    default: '60',
    schema: minutes,
  },
  SESSION_ABSOLUTE_MINUTES: {
    meaning: 'A session ends so long after its sign-in, used or not.',
    example: '720',
    required: 'no',
    default: '720',
    schema: minutes,
  },
  SESSION_REVALIDATE_MINUTES: {
    meaning:
      'A session in use is confirmed at the OP, by a refresh, at least this often: a disabled or revoked user is out by then.',
    example: '60',
    required: 'no',
    default: '60',
    schema: minutes,
  },
  SIGNOUT_SCOPE: {
    meaning: "What a sign-out ends: the `account` everywhere, or the sessions of the OP's `session` alone.",
    example: 'account',
    required: 'no',
    default: 'account',
    schema: oneOf('account', 'session'),
  },
  SIGNOUT_SCOPE_REMOTE: {
    meaning: 'The same for a sign-out that the OP tells of (front-channel and back-channel).',
    example: 'account',
    required: 'no',
    otherwise: 'as `SIGNOUT_SCOPE`',
    schema: oneOf('account', 'session'),
  },
  DOWNSTREAM_APIS: {
    meaning: 'The APIs behind `/api/{name}`, in JSON: where each is, its scopes, and the routes a browser may call.',
    example:
      '{"graph":{"baseUrl":"https://graph.microsoft.com/v1.0","scopes":["User.Read"],"allow":["GET /me","GET /me/**"]}}',
    required: 'no',
    default: '{}',
    schema: downstreamApis,
  },
  APPLICATION_NAME: {
    meaning: 'What the built-in page calls this application.',
    example: 'Contoso Expenses',
    required: 'no',
    default: 'Exeunt',
    schema: displayName,
  },
  HOME_PAGE: {
    meaning: 'Whether `/` serves the built-in page.',
    example: 'on',
    required: 'no',
    default: 'on',
    schema: mapped(oneOf('on', 'off'), (word) => word === 'on'),
  },
} as const satisfies Record<string, SettingDefinition>;

export type SettingName = keyof typeof SETTINGS;

/** What each setting's text was read as; undefined where nothing was set and the registry has no default. */
export type SettingValues = {
  readonly [N in SettingName]: (typeof SETTINGS)[N] extends { required: 'yes' } | { default: string }
    ? SchemaOutput<(typeof SETTINGS)[N]>
    : SchemaOutput<(typeof SETTINGS)[N]> | undefined;
};

type SchemaOutput<D> = D extends SettingDefinition<infer T> ? T : never;
