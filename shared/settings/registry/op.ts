import { clientCertificate } from '../credential.ts';
import { guid, guids, signinScopes, visibleText } from '../identifiers.ts';
import { webUrl } from '../origin.ts';
import { mapped } from '../schema.ts';
import type { ClientCredential } from '../settings.ts';
import { SIGNING_ALGORITHMS } from '../signing-algorithms.ts';
import { listOf, oneOf } from '../text-schema.ts';
import type { SettingDefinition } from './definition.ts';

const clientSecret = mapped(visibleText, (secret): ClientCredential => ({ kind: 'secret', secret }));
const managedIdentity = mapped(
  guid,
  (managedIdentityClientId): ClientCredential => ({ kind: 'managed-identity', managedIdentityClientId }),
);

/** The OpenID provider, and this application at it. */
export const OP_SETTINGS = {
  AUTH_AUTHORITY: {
    meaning: 'The OpenID provider (OP). Of Entra ID: its host in your cloud, and the tenant (`docs/providers.md`).',
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
  AUTH_PAR: {
    meaning:
      'Whether a sign-in request is sent to the OP straight from here, so that the address has a reference to it alone (PAR, RFC 9126): `auto`, where the OP takes that, or `off`.',
    example: 'auto',
    required: 'no',
    default: 'auto',
    schema: oneOf('auto', 'off'),
  },
  AUTH_REVOCATION: {
    meaning:
      "How far the OP goes when a refresh token is revoked (RFC 7009), which is done with every one that leaves here unless it would end what stands: to that `token` alone, to all of the OP's `session`, or to all of the `account`; `off` revokes none. With `AUTH_PROTOCOL=oidc`.",
    example: 'off',
    required: 'no',
    default: 'session',
    schema: oneOf('token', 'session', 'account', 'off'),
  },
  AUTH_TENANTS: {
    meaning:
      'Ids of the tenants let in, with commas between them; none named: whom the authority lets in. Required where that is `common`, `organizations` or `consumers`.',
    example: '11111111-2222-3333-4444-555555555555,66666666-7777-8888-9999-000000000000',
    required: 'no',
    default: '',
    schema: guids,
  },
  AUTH_SIGNING_ALGORITHMS: {
    meaning:
      'The algorithms by which what the OP signs, or a transmitter of security events, may be signed, with spaces between them; none of them symmetric.',
    example: 'RS256',
    required: 'no',
    default: SIGNING_ALGORITHMS.join(' '),
    schema: listOf(' ', SIGNING_ALGORITHMS),
  },
} as const satisfies Record<string, SettingDefinition>;
