import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type SpawnedHost, spawnHost } from '../../local/host/spawn.ts';
import { SETTINGS } from '../../shared/settings/registry.ts';
import { Browser } from './support/browser.ts';
import { expectPage, expectProblem } from './support/headers.ts';
import { send } from './support/wire.ts';

/** In every wrong value: it must come back nowhere. */
const MARKER = 'mark3r-c0ffee';
const SECRET = randomBytes(24).toString('base64url');
const KEY = randomBytes(32).toString('base64');
const ACCOUNT_KEY = randomBytes(64).toString('base64');
const GUID = '11111111-2222-3333-4444-555555555555';
/** Right, and leading nowhere: nobody listens at port 9 of this machine. */
const RIGHT: Readonly<Record<string, string>> = {
  PUBLIC_ORIGIN: 'https://app.contoso.com',
  AUTH_AUTHORITY: `https://login.microsoftonline.com/${GUID}`,
  AUTH_METADATA_URL: 'http://127.0.0.1:9/',
  AUTH_CLIENT_ID: 'contoso',
  AUTH_CLIENT_SECRET: SECRET,
  TABLES_CONNECTION_STRING: `DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=${ACCOUNT_KEY};TableEndpoint=http://127.0.0.1:9/contoso`,
  SESSION_KEYS: `k1:${KEY}`,
};

interface Mistake {
  readonly setting: string;
  readonly problem: string;
  readonly example: string;
}
type Case = readonly [what: string, setting: string, changes: Readonly<Record<string, string>>];

const TRANSMITTER = {
  SECURITY_EVENTS_ISSUER: 'https://events.example',
  SECURITY_EVENTS_JWKS_URL: 'https://events.example/keys',
};

const CASES: readonly Case[] = [
  ['is not set', 'PUBLIC_ORIGIN', { PUBLIC_ORIGIN: '' }],
  ['has a path', 'PUBLIC_ORIGIN', { PUBLIC_ORIGIN: `https://app.contoso.com/${MARKER}` }],
  ['is http elsewhere than here', 'PUBLIC_ORIGIN', { PUBLIC_ORIGIN: `http://${MARKER}.example` }],
  ['is not a URL', 'AUTH_AUTHORITY', { AUTH_AUTHORITY: MARKER }],
  ['is http', 'AUTH_METADATA_URL', { AUTH_METADATA_URL: `http://${MARKER}.example/` }],
  ['is an unknown word', 'AUTH_PROTOCOL', { AUTH_PROTOCOL: MARKER }],
  ['is an unknown word', 'AUTH_PAR', { AUTH_PAR: MARKER }],
  ['is an unknown word', 'AUTH_REVOCATION', { AUTH_REVOCATION: MARKER }],
  ['is not visible', 'AUTH_CLIENT_ID', { AUTH_CLIENT_ID: `${MARKER}\u00e9` }],
  ['is not visible', 'AUTH_CLIENT_SECRET', { AUTH_CLIENT_SECRET: `${MARKER}\u00e9` }],
  [
    'is no certificate',
    'AUTH_CLIENT_CERTIFICATE',
    { AUTH_CLIENT_SECRET: '', AUTH_CLIENT_CERTIFICATE: `-----BEGIN PRIVATE KEY-----${MARKER}` },
  ],
  [
    'is no GUID',
    'AUTH_MANAGED_IDENTITY_CLIENT_ID',
    { AUTH_CLIENT_SECRET: '', AUTH_MANAGED_IDENTITY_CLIENT_ID: MARKER },
  ],
  [
    'are two',
    'AUTH_CLIENT_SECRET | AUTH_CLIENT_CERTIFICATE | AUTH_MANAGED_IDENTITY_CLIENT_ID',
    { AUTH_MANAGED_IDENTITY_CLIENT_ID: GUID },
  ],
  ['hold a quote', 'AUTH_SCOPES', { AUTH_SCOPES: `User.Read "${MARKER}"` }],
  ['is an unknown word', 'AUTH_RESPONSE_MODE', { AUTH_RESPONSE_MODE: MARKER }],
  ['are no GUIDs', 'AUTH_TENANTS', { AUTH_TENANTS: MARKER }],
  ['are missing', 'AUTH_TENANTS', { AUTH_AUTHORITY: 'https://login.microsoftonline.com/common' }],
  [
    'is http',
    'TABLES_ENDPOINT',
    { TABLES_CONNECTION_STRING: '', TABLES_ENDPOINT: `http://${MARKER}.table.core.windows.net` },
  ],
  ['has no account', 'TABLES_CONNECTION_STRING', { TABLES_CONNECTION_STRING: `AccountKey=${MARKER}` }],
  ['are none', 'TABLES_ENDPOINT | TABLES_CONNECTION_STRING', { TABLES_CONNECTION_STRING: '' }],
  [
    'names one twice',
    'TABLES_ENDPOINT_MOVING',
    {
      TABLES_CONNECTION_STRING: '',
      TABLES_ENDPOINT: 'https://contoso.table.core.windows.net',
      TABLES_ENDPOINT_MOVING: `https://${MARKER}.example,https://${MARKER}.example/`,
    },
  ],
  ['has no account', 'TABLES_CONNECTION_STRING_MOVING', { TABLES_CONNECTION_STRING_MOVING: `AccountKey=${MARKER}` }],
  ['is no GUID', 'TABLES_MANAGED_IDENTITY_CLIENT_ID', { TABLES_MANAGED_IDENTITY_CLIENT_ID: MARKER }],
  ['is too short', 'SESSION_KEYS', { SESSION_KEYS: `k1:${MARKER}` }],
  ['is a key without an id', 'SESSION_KEYS', { SESSION_KEYS: KEY }],
  [
    'is a reference that was not resolved',
    'SESSION_KEYS',
    { SESSION_KEYS: `@Microsoft.KeyVault(SecretUri=${MARKER})` },
  ],
  ['is no number', 'SESSION_IDLE_MINUTES', { SESSION_IDLE_MINUTES: MARKER }],
  ['is longer than all', 'SESSION_IDLE_MINUTES', { SESSION_IDLE_MINUTES: '60', SESSION_ABSOLUTE_MINUTES: '30' }],
  ['is zero', 'SESSION_ABSOLUTE_MINUTES', { SESSION_ABSOLUTE_MINUTES: '0' }],
  ['is zero', 'SESSION_REVALIDATE_MINUTES', { SESSION_REVALIDATE_MINUTES: '0' }],
  ['is no instant', 'SESSIONS_NOT_BEFORE', { SESSIONS_NOT_BEFORE: MARKER }],
  ['is in the future', 'SESSIONS_NOT_BEFORE', { SESSIONS_NOT_BEFORE: '2099-01-01T00:00:00Z' }],
  ['is an unknown word', 'SIGNOUT_SCOPE', { SIGNOUT_SCOPE: MARKER }],
  ['is an unknown word', 'SIGNOUT_SCOPE_REMOTE', { SIGNOUT_SCOPE_REMOTE: MARKER }],
  ['is not JSON', 'DOWNSTREAM_APIS', { DOWNSTREAM_APIS: `{"${MARKER}` }],
  ['has an API without routes', 'DOWNSTREAM_APIS', { DOWNSTREAM_APIS: `{"graph":{"baseUrl":"https://${MARKER}"}}` }],
  ['is too long', 'APPLICATION_NAME', { APPLICATION_NAME: `${MARKER} `.repeat(100) }],
  ['is an unknown word', 'HOME_PAGE', { HOME_PAGE: MARKER }],
  ['is symmetric', 'AUTH_SIGNING_ALGORITHMS', { AUTH_SIGNING_ALGORITHMS: `RS256 HS256 ${MARKER}` }],
  ['is an unknown word', 'SIGNOUT_HINT', { SIGNOUT_HINT: MARKER }],
  ['is an unknown word', 'APPLICATION_PART', { APPLICATION_PART: MARKER }],
  ['is a wildcard', 'SIBLING_ORIGINS', { SIBLING_ORIGINS: `https://*.${MARKER}.example` }],
  ['is on another site', 'SIBLING_ORIGINS', { SIBLING_ORIGINS: `https://${MARKER}.example` }],
  ['is no header', 'TRUSTED_PROXY', { TRUSTED_PROXY: MARKER }],
  ['can be guessed', 'TRUSTED_PROXY', { TRUSTED_PROXY: `X-Proxy: ${MARKER}` }],
  ['is an unknown word', 'BACKCHANNEL_MAY_LACK', { BACKCHANNEL_MAY_LACK: `exp ${MARKER}` }],
  ['is not visible ASCII', 'OPERATOR_AUDIENCE', { OPERATOR_AUDIENCE: `${MARKER}\u00e9` }],
  ['is no GUID', 'OPERATOR_TENANT', { OPERATOR_AUDIENCE: 'contoso', OPERATOR_TENANT: MARKER }],
  ['is no GUID', 'DIRECTORY_TENANT', { DIRECTORY_TENANT: MARKER }],
  ['is http', 'DIRECTORY_GRAPH_URL', { DIRECTORY_TENANT: GUID, DIRECTORY_GRAPH_URL: `http://${MARKER}.example/v1.0` }],
  [
    'is no GUID',
    'DIRECTORY_MANAGED_IDENTITY_CLIENT_ID',
    { DIRECTORY_TENANT: GUID, DIRECTORY_MANAGED_IDENTITY_CLIENT_ID: MARKER },
  ],
  ['is missing', 'SECURITY_EVENTS_ISSUER', { SECURITY_EVENTS_JWKS_URL: `https://${MARKER}.example/keys` }],
  ['is not visible ASCII', 'SECURITY_EVENTS_AUDIENCE', { ...TRANSMITTER, SECURITY_EVENTS_AUDIENCE: `${MARKER}\u00e9` }],
  ['is missing', 'SECURITY_EVENTS_JWKS_URL', { SECURITY_EVENTS_ISSUER: `https://${MARKER}.example` }],
  [
    'is not visible ASCII',
    'SECURITY_EVENTS_AUTHORIZATION',
    { ...TRANSMITTER, SECURITY_EVENTS_AUTHORIZATION: `${MARKER}\u00e9` },
  ],
  ['is an unknown word', 'SECURITY_EVENTS_SUBJECTS', { ...TRANSMITTER, SECURITY_EVENTS_SUBJECTS: MARKER }],
  ['is missing where its door is furnished', 'SECURITY_EVENTS_ISSUER', { SECURITY_EVENTS_SUBJECTS: 'email' }],
  ['is on', 'WEBSITE_AUTH_ENABLED', { WEBSITE_AUTH_ENABLED: 'true' }],
  [
    'is a reference that was not resolved',
    'AUTH_CLIENT_CERTIFICATE',
    {
      AUTH_CLIENT_SECRET: '',
      AUTH_CLIENT_CERTIFICATE: `@Microsoft.KeyVault(VaultName=${MARKER};SecretName=certificate)`,
    },
  ],
  [
    'is a reference that was not resolved',
    'AzureWebJobsStorage__queueServiceUri',
    { AzureWebJobsStorage__queueServiceUri: `@Microsoft.KeyVault(SecretUri=${MARKER})` },
  ],
];

const ROUTES = [
  ['GET', '/'],
  ['GET', '/auth/signin'],
  ['GET', '/auth/callback?code=c&state=s'],
  ['POST', '/auth/callback'],
  ['GET', '/auth/session'],
  ['GET', '/auth/signout'],
  ['POST', '/auth/signout'],
  ['GET', '/auth/signed-out'],
  ['GET', '/auth/signout-callback?sid=s'],
  ['GET', '/api/graph/me'],
  ['POST', '/api/graph/me'],
  ['GET', '/health/ready'],
  ['GET', '/assets/page.css'],
] as const;

async function withSettings(changes: Readonly<Record<string, string>>, look: (host: SpawnedHost) => Promise<void>) {
  const environment = { ...RIGHT, ...changes, AzureWebJobsDisableHomepage: 'true' };
  const host = await spawnHost({ environment });
  try {
    await look(host);
  } finally {
    await host.stop();
  }
}

function expectNoSecretIn(text: string): void {
  for (const secret of [MARKER, SECRET, KEY, ACCOUNT_KEY]) expect(text).not.toContain(secret);
}

const mistakesOf = (document: Record<string, unknown>) => document.mistakes as readonly Mistake[];

describe('a mistaken setting', () => {
  it('is tried here for every setting that there is', () => {
    const tried = CASES.flatMap(([, setting]) => setting.split(' | '));
    expect(Object.keys(SETTINGS).filter((name) => !tried.includes(name))).toEqual([]);
  });

  it.each(CASES)('that %s: %s is named by all routes, to programs and to people', async (_what, setting, changes) => {
    await withSettings(changes, async (host) => {
      const answer = await send(`${host.origin}/auth/session`);
      const mistakes = mistakesOf(expectProblem(answer, 503, 'settings_invalid'));
      expect(mistakes).toEqual([{ setting, problem: expect.any(String), example: expect.any(String) }]);
      const page = await new Browser().navigate(`${host.origin}/`);
      expectPage(page, 503, 'This application is not set up yet');
      expect(page.text).toContain(setting);
      expect(host.lines.join('\n')).toContain(setting);
      expectNoSecretIn([answer.text, page.text, ...host.lines].join('\n'));
    });
  });
});

describe('with mistaken settings', () => {
  const ALL = {
    PUBLIC_ORIGIN: MARKER,
    AUTH_CLIENT_ID: '',
    SESSION_KEYS: MARKER,
    DOWNSTREAM_APIS: MARKER,
    HOME_PAGE: MARKER,
  };

  it('all are named at once', async () => {
    await withSettings(ALL, async (host) => {
      const answer = await send(`${host.origin}/auth/session`);
      const named = mistakesOf(expectProblem(answer, 503, 'settings_invalid')).map(({ setting }) => setting);
      expect(named.toSorted()).toEqual(Object.keys(ALL).toSorted());
      const page = await new Browser().navigate(`${host.origin}/auth/signin`);
      for (const name of Object.keys(ALL)) expect(page.text).toContain(name);
    });
  });

  it('nothing works but /health, which says that the process lives', async () => {
    await withSettings(ALL, async (host) => {
      for (const [method, path] of ROUTES) {
        const headers = { origin: 'https://app.contoso.com', 'x-csrf': '1', cookie: '__Host-session=x' };
        const answer = await send(`${host.origin}${path}`, { method, headers });
        expect(mistakesOf(expectProblem(answer, 503, 'settings_invalid')).length).toBe(Object.keys(ALL).length);
        expect(answer.setCookies).toEqual([]);
        expectNoSecretIn(answer.text + JSON.stringify(answer.headers));
      }
      expect((await send(`${host.origin}/health`)).status).toBe(200);
      expectNoSecretIn(host.lines.join('\n'));
    });
  });

  it('nothing is set at all: what must be set is named', async () => {
    const nothing = Object.fromEntries(Object.keys(RIGHT).map((name) => [name, '']));
    await withSettings(nothing, async (host) => {
      const answer = await send(`${host.origin}/health/ready`);
      expect(mistakesOf(expectProblem(answer, 503, 'settings_invalid')).map(({ setting }) => setting)).toEqual([
        'PUBLIC_ORIGIN',
        'AUTH_AUTHORITY',
        'AUTH_CLIENT_ID',
        'SESSION_KEYS',
        'AUTH_CLIENT_SECRET | AUTH_CLIENT_CERTIFICATE | AUTH_MANAGED_IDENTITY_CLIENT_ID',
        'TABLES_ENDPOINT | TABLES_CONNECTION_STRING',
      ]);
    });
  });
});

describe('a reference for telemetry that was not resolved', () => {
  it('is named in the log, and stops nobody: the application works without telemetry', async () => {
    const name = 'APPLICATIONINSIGHTS_CONNECTION_STRING';
    await withSettings({ [name]: `@Microsoft.KeyVault(SecretUri=${MARKER})` }, async (host) => {
      expect(await host.line(/Key Vault reference/)).toContain(name);
      expectProblem(
        await send(`${host.origin}/auth/session`, { headers: { host: 'app.contoso.com' } }),
        401,
        'session_required',
      );
      expectNoSecretIn(host.lines.join('\n'));
    });
  });
});

describe('with right settings', () => {
  it('no secret of them is in an answer or in a line of the process', async () => {
    await withSettings({}, async (host) => {
      const browser = new Browser(undefined, (to, sent) =>
        send(to, { ...sent, headers: { ...sent?.headers, host: 'app.contoso.com' } }),
      );
      for (const path of ['/', '/auth/signed-out', '/auth/session', '/auth/signin']) {
        const answer = await browser.navigate(`${host.origin}${path}`);
        expect(answer.status).not.toBe(421);
        expectNoSecretIn(answer.text + JSON.stringify(answer.headers));
      }
      expectNoSecretIn(host.lines.join('\n'));
    });
  });
});
