import { randomBytes, randomUUID } from 'node:crypto';
import type { Azurite } from '../../local/azurite.ts';
import { describeMistakes, parseSettings } from '../../shared/settings/parse.ts';
import type { Settings } from '../../shared/settings/settings.ts';
import { scopeOf } from './users.ts';

/** MSAL takes an authority by https only; nothing is ever asked of it. */
const AUTHORITY = 'https://login.localhost/contoso';

/** One application as the OP knows it, and its secrets. */
export interface Registration {
  readonly authority: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly sessionKeys: string;
}

export function register(): Registration {
  return {
    authority: AUTHORITY,
    clientId: randomUUID(),
    clientSecret: randomBytes(24).toString('base64url'),
    sessionKeys: `bench:${randomBytes(32).toString('base64')}`,
  };
}

/** What a person would enter at the function app. */
export function environmentOf(
  { authority, clientId, clientSecret, sessionKeys }: Registration,
  azurite: Azurite,
  metadataUrl: string,
  { port, upstreamOrigin }: { readonly port: number; readonly upstreamOrigin: string },
): Record<string, string> {
  return {
    PUBLIC_ORIGIN: `http://127.0.0.1:${port}`,
    AUTH_AUTHORITY: authority,
    AUTH_METADATA_URL: metadataUrl,
    AUTH_CLIENT_ID: clientId,
    AUTH_CLIENT_SECRET: clientSecret,
    AUTH_SCOPES: scopeOf(0),
    TABLES_CONNECTION_STRING: azurite.tablesConnectionString,
    SESSION_KEYS: sessionKeys,
    DOWNSTREAM_APIS: JSON.stringify({
      graph: { baseUrl: upstreamOrigin, scopes: [scopeOf(0)], allow: ['GET /me'] },
    }),
    AzureWebJobsStorage: azurite.combinedConnectionString,
    AzureWebJobsDisableHomepage: 'true',
  };
}

export function settingsOf(environment: Readonly<Record<string, string>>): Settings {
  const parsed = parseSettings(environment);
  if (!parsed.ok) throw new Error(describeMistakes(parsed.mistakes));
  return parsed.value;
}
