import { randomBytes } from 'node:crypto';
import { MAIL_PATH } from '../api/api.ts';
import type { Azurite } from '../azurite.ts';
import type { Application, Op } from '../op/op.ts';

/** The scope of the one downstream API, in Entra ID's form. */
export const API_AUDIENCE = 'api://graph';
const API_SCOPE = `${API_AUDIENCE}/User.Read`;
/** A second API, for which nothing is asked at the sign-in: each person consents when they first call it. */
export const MAIL_AUDIENCE = 'api://mail';
const MAIL_SCOPE = `${MAIL_AUDIENCE}/Mail.Read`;

/** One of the two applications on the stage: the same build, with a registration of its own. */
export interface StagedApplication {
  readonly name: 'Contoso' | 'Fabrikam';
  readonly port: number;
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const CLIENT_IDS = {
  Contoso: '11111111-c0de-4000-8000-00000000000c',
  Fabrikam: '22222222-c0de-4000-8000-00000000000f',
} as const;

/** An application with a secret that lives as long as the stage. */
export function stageApplication(name: StagedApplication['name'], port: number): StagedApplication {
  return {
    name,
    port,
    origin: `http://${name.toLowerCase()}.localhost:${port}`,
    clientId: CLIENT_IDS[name],
    clientSecret: randomBytes(24).toString('base64url'),
  };
}

/**
 * What the OP holds of it: the values that a person would enter at Entra ID.
 *
 * @param backChannel whether it is told of sign-outs server to server too, which Entra ID does not do
 */
export function registration(
  { name, origin, clientId, clientSecret }: StagedApplication,
  backChannel = false,
): Application {
  return {
    clientId,
    clientSecret,
    name,
    redirectUris: [`${origin}/auth/callback`],
    postLogoutRedirectUris: [`${origin}/auth/signed-out`],
    frontchannelLogoutUri: `${origin}/auth/signout-callback`,
    ...(backChannel && { backchannelLogoutUri: `${origin}/auth/backchannel-logout` }),
    apiScopes: [API_SCOPE],
    personalScopes: [MAIL_SCOPE],
    appRoles: ['User.Read.All'],
  };
}

/** This stage's applications as an API for operators, in the local OP's form of an audience. */
export const OPERATOR_AUDIENCE = 'api://exeunt';

/** The registration of a program that may do what operators may, with a secret that lives as long as the stage. */
export function operatorProgram(): Application {
  return {
    clientId: '33333333-c0de-4000-8000-000000000001',
    clientSecret: randomBytes(24).toString('base64url'),
    name: 'Operator',
    redirectUris: [],
    postLogoutRedirectUris: [],
    apiScopes: [],
    appRoles: [`${OPERATOR_AUDIENCE}/Exeunt.Operator`],
  };
}

/** The local directory: whose, and where its Graph is. */
export interface DirectoryAt {
  readonly tenant: string;
  readonly url: string;
}

/** Its settings: what a person would enter at the function app. */
export function settingsOf(
  { name, origin, clientId, clientSecret }: StagedApplication,
  op: Op,
  azurite: Azurite,
  apiOrigin: string,
  sessionKeys: string,
  directory: DirectoryAt | null = null,
): Record<string, string> {
  const graph = {
    baseUrl: `${apiOrigin}/v1.0`,
    scopes: [API_SCOPE],
    allow: ['GET /me', 'GET /me/messages', 'POST /me/messages', 'GET /me/authentication/methods', '* /echo'],
    // How somebody signs in is told to who has just proved once more that it is they.
    stepUp: [{ routes: ['* /me/authentication/**'], acrs: ['c1'], maxAgeSeconds: 300 }],
  };
  const mail = {
    baseUrl: `${apiOrigin}${MAIL_PATH}`,
    scopes: [MAIL_SCOPE],
    allow: ['GET /letters', 'GET /letters/sealed'],
  };
  return {
    PUBLIC_ORIGIN: origin,
    APPLICATION_NAME: name,
    // MSAL takes an authority by https only; where things really are, the metadata says.
    AUTH_AUTHORITY: `https://login.localhost/${new URL(op.issuer).pathname.split('/')[1]}`,
    AUTH_METADATA_URL: op.metadataUrl,
    AUTH_CLIENT_ID: clientId,
    AUTH_CLIENT_SECRET: clientSecret,
    AUTH_SCOPES: API_SCOPE,
    TABLES_CONNECTION_STRING: azurite.tablesConnectionString,
    SESSION_KEYS: sessionKeys,
    DOWNSTREAM_APIS: JSON.stringify({ graph, mail }),
    AzureWebJobsStorage: azurite.combinedConnectionString,
    AzureWebJobsDisableHomepage: 'true',
    ...(directory && { DIRECTORY_TENANT: directory.tenant, DIRECTORY_GRAPH_URL: directory.url }),
  };
}
