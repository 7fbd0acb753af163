import type { SettingValues } from './registry.ts';
import type { DoorSettings, QueueSettings, Settings } from './settings.ts';

/** The settings in the shape in which the application uses them, of values without a mistake. */
export function assemble(values: SettingValues, retryQueue: QueueSettings | null): Settings {
  return {
    publicOrigin: values.PUBLIC_ORIGIN,
    siblingOrigins: values.SIBLING_ORIGINS,
    trustedProxy: values.TRUSTED_PROXY ?? null,
    op: {
      protocol: values.AUTH_PROTOCOL,
      authority: values.AUTH_AUTHORITY,
      metadataUrl: values.AUTH_METADATA_URL ?? defaultMetadataUrl(values),
      clientId: values.AUTH_CLIENT_ID,
      credential: theOneOf(
        values.AUTH_CLIENT_SECRET,
        values.AUTH_CLIENT_CERTIFICATE,
        values.AUTH_MANAGED_IDENTITY_CLIENT_ID,
      ),
      scopes: values.AUTH_SCOPES,
      responseMode: values.AUTH_RESPONSE_MODE,
      par: values.AUTH_PAR,
      // Entra ID has no revocation endpoint, whatever somebody's metadata says.
      revocation: values.AUTH_PROTOCOL === 'oidc' ? values.AUTH_REVOCATION : 'off',
      tenants: values.AUTH_TENANTS,
      signingAlgorithms: values.AUTH_SIGNING_ALGORITHMS,
    },
    tables: {
      written: theOneOf(values.TABLES_ENDPOINT, values.TABLES_CONNECTION_STRING),
      moving: values.TABLES_ENDPOINT_MOVING ?? values.TABLES_CONNECTION_STRING_MOVING ?? [],
    },
    tablesManagedIdentityClientId: values.TABLES_MANAGED_IDENTITY_CLIENT_ID ?? identityOf(values),
    retryQueue,
    sessionKeys: values.SESSION_KEYS,
    signoutScope: values.SIGNOUT_SCOPE,
    signoutScopeRemote: values.SIGNOUT_SCOPE_REMOTE ?? values.SIGNOUT_SCOPE,
    signoutHint: values.SIGNOUT_HINT,
    // A short absolute end alone is no mistake: the idle default gives way to it.
    sessionIdleMinutes: Math.min(values.SESSION_IDLE_MINUTES, values.SESSION_ABSOLUTE_MINUTES),
    sessionAbsoluteMinutes: values.SESSION_ABSOLUTE_MINUTES,
    sessionRevalidateMinutes: values.SESSION_REVALIDATE_MINUTES,
    sessionsNotBefore: values.SESSIONS_NOT_BEFORE ?? null,
    downstreamApis: values.DOWNSTREAM_APIS,
    applicationName: values.APPLICATION_NAME,
    homePage: values.HOME_PAGE,
    part: values.APPLICATION_PART,
    doors: assembleDoors(values),
  };
}

function assembleDoors(values: SettingValues): DoorSettings {
  const { OPERATOR_AUDIENCE, DIRECTORY_TENANT, SECURITY_EVENTS_ISSUER, SECURITY_EVENTS_JWKS_URL } = values;
  return {
    backChannel: { mayLack: values.BACKCHANNEL_MAY_LACK },
    operator:
      OPERATOR_AUDIENCE === undefined ? null : { audience: OPERATOR_AUDIENCE, tenant: values.OPERATOR_TENANT ?? null },
    directory:
      DIRECTORY_TENANT === undefined
        ? null
        : {
            tenant: DIRECTORY_TENANT,
            graphUrl: values.DIRECTORY_GRAPH_URL,
            managedIdentityClientId: values.DIRECTORY_MANAGED_IDENTITY_CLIENT_ID ?? null,
          },
    securityEvents:
      SECURITY_EVENTS_ISSUER === undefined || SECURITY_EVENTS_JWKS_URL === undefined
        ? null
        : {
            issuer: SECURITY_EVENTS_ISSUER,
            audience: values.SECURITY_EVENTS_AUDIENCE ?? values.PUBLIC_ORIGIN,
            jwksUrl: SECURITY_EVENTS_JWKS_URL,
            authorization: values.SECURITY_EVENTS_AUTHORIZATION ?? null,
            subjects: values.SECURITY_EVENTS_SUBJECTS,
          },
  };
}

function identityOf({ AUTH_MANAGED_IDENTITY_CLIENT_ID: credential }: SettingValues): string | null {
  return credential?.kind === 'managed-identity' ? credential.managedIdentityClientId : null;
}

function defaultMetadataUrl({ AUTH_AUTHORITY: authority, AUTH_PROTOCOL: protocol }: SettingValues): string {
  return `${authority}${protocol === 'entra' ? '/v2.0' : ''}/.well-known/openid-configuration`;
}

/** The member of a group that is set: `groupMistakes` has seen to it that one is. */
function theOneOf<T>(...members: readonly (T | undefined)[]): T {
  const value = members.find((member) => member !== undefined);
  if (value === undefined) throw new Error('No member of a group of settings is set, and no mistake was named');
  return value;
}
