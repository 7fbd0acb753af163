import { describe, expect, it } from '@jest/globals';
import { describeMistakes, parseSettings } from '../../../shared/settings/parse.ts';
import type { Settings } from '../../../shared/settings/settings.ts';
import { SIGNING_ALGORITHMS } from '../../../shared/settings/signing-algorithms.ts';
import { keyOf, LEAST, problemsWith, settingsWith, TENANT } from './environment.ts';

const OTHER_TENANT = '66666666-7777-8888-9999-00000000000a';
const COMMON = 'https://login.microsoftonline.com/common';

describe('settings that are not set', () => {
  it('have their defaults', () => {
    const { sessionKeys, ...rest } = settingsWith();
    expect(rest).toEqual({
      publicOrigin: LEAST.PUBLIC_ORIGIN,
      siblingOrigins: [],
      trustedProxy: null,
      retryQueue: null,
      op: {
        protocol: 'entra',
        authority: LEAST.AUTH_AUTHORITY,
        metadataUrl: `${LEAST.AUTH_AUTHORITY}/v2.0/.well-known/openid-configuration`,
        clientId: 'contoso',
        credential: { kind: 'secret', secret: 'a-secret' },
        scopes: [],
        responseMode: 'query',
        par: 'auto',
        revocation: 'off',
        tenants: [],
        signingAlgorithms: SIGNING_ALGORITHMS,
      },
      tables: {
        written: [{ kind: 'connection-string', connectionString: LEAST.TABLES_CONNECTION_STRING }],
        moving: [],
      },
      tablesManagedIdentityClientId: null,
      signoutScope: 'account',
      signoutScopeRemote: 'account',
      signoutHint: 'login_hint',
      sessionIdleMinutes: 60,
      sessionAbsoluteMinutes: 720,
      sessionRevalidateMinutes: 60,
      sessionsNotBefore: null,
      downstreamApis: new Map(),
      applicationName: 'Exeunt',
      homePage: true,
      part: 'all',
      doors: { backChannel: { mayLack: [] }, operator: null, directory: null, securityEvents: null },
    });
    expect(sessionKeys).toHaveLength(1);
  });

  it.each(['', ' ', '\t\n'])('are those that are %j', (nothing) => {
    const optional = ['AUTH_PROTOCOL', 'AUTH_CLIENT_CERTIFICATE', 'TABLES_ENDPOINT', 'DOWNSTREAM_APIS', 'AUTH_TENANTS'];
    expect(settingsWith(Object.fromEntries(optional.map((name) => [name, nothing])))).toEqual(settingsWith());
    expect(problemsWith({ AUTH_CLIENT_ID: nothing })).toEqual({ AUTH_CLIENT_ID: 'is not set' });
  });

  it.each([
    [
      'the metadata URL, under the authority, for OpenID Connect',
      { AUTH_PROTOCOL: 'oidc' },
      '/.well-known/openid-configuration',
    ],
    ['the metadata URL for Entra ID', { AUTH_PROTOCOL: 'entra' }, '/v2.0/.well-known/openid-configuration'],
  ])('follow from others: %s', (_, changes, path) => {
    expect(settingsWith(changes).op.metadataUrl).toBe(LEAST.AUTH_AUTHORITY + path);
  });

  it('follow from others: what a remote sign-out ends', () => {
    expect(settingsWith({ SIGNOUT_SCOPE: 'session' }).signoutScopeRemote).toBe('session');
    expect(settingsWith({ SIGNOUT_SCOPE: 'session', SIGNOUT_SCOPE_REMOTE: 'account' })).toMatchObject({
      signoutScope: 'session',
      signoutScopeRemote: 'account',
    });
  });

  it('follow from others: the identity that reaches the tables', () => {
    const identity = { AUTH_CLIENT_SECRET: '', AUTH_MANAGED_IDENTITY_CLIENT_ID: OTHER_TENANT };
    expect(settingsWith(identity).tablesManagedIdentityClientId).toBe(OTHER_TENANT);
  });

  it('follow from others: the idle end, never after the absolute one', () => {
    expect(settingsWith({ SESSION_ABSOLUTE_MINUTES: '30' }).sessionIdleMinutes).toBe(30);
  });
});

type Case = readonly [name: string, value: string, read: (settings: Settings) => unknown, expected: unknown];

const RIGHT: readonly Case[] = [
  ['AUTH_AUTHORITY', `${COMMON.replace('common', TENANT)}/`, ({ op }) => op.authority, LEAST.AUTH_AUTHORITY],
  ['AUTH_AUTHORITY', 'https://login.localhost:8400/t', ({ op }) => op.authority, 'https://login.localhost:8400/t'],
  ['AUTH_AUTHORITY', 'https://op.contoso.com', ({ op }) => op.authority, 'https://op.contoso.com'],
  ['AUTH_METADATA_URL', 'https://op.contoso.com/d?p=x', ({ op }) => op.metadataUrl, 'https://op.contoso.com/d?p=x'],
  ['AUTH_METADATA_URL', 'http://127.0.0.1:8400/d', ({ op }) => op.metadataUrl, 'http://127.0.0.1:8400/d'],
  ['AUTH_METADATA_URL', 'http://op.localhost/d', ({ op }) => op.metadataUrl, 'http://op.localhost/d'],
  ['AUTH_PROTOCOL', 'oidc', ({ op }) => op.protocol, 'oidc'],
  ['AUTH_PROTOCOL', 'entra', ({ op }) => op.protocol, 'entra'],
  ['AUTH_CLIENT_ID', ' api-client_1 ', ({ op }) => op.clientId, 'api-client_1'],
  ['AUTH_SCOPES', 'User.Read  api://x/Read User.Read', ({ op }) => op.scopes, ['User.Read', 'api://x/Read']],
  ['AUTH_SCOPES', 'openid a offline_access profile', ({ op }) => op.scopes, ['a']],
  ['AUTH_RESPONSE_MODE', 'form_post', ({ op }) => op.responseMode, 'form_post'],
  ['AUTH_TENANTS', `${TENANT}, ${OTHER_TENANT.toUpperCase()}`, ({ op }) => op.tenants, [TENANT, OTHER_TENANT]],
  ['SIGNOUT_SCOPE', 'session', ({ signoutScope }) => signoutScope, 'session'],
  ['SESSION_IDLE_MINUTES', '1', ({ sessionIdleMinutes }) => sessionIdleMinutes, 1],
  ['SESSION_IDLE_MINUTES', '720', ({ sessionIdleMinutes }) => sessionIdleMinutes, 720],
  ['SESSION_ABSOLUTE_MINUTES', '43200', ({ sessionAbsoluteMinutes }) => sessionAbsoluteMinutes, 43_200],
  ['SESSION_REVALIDATE_MINUTES', '1', ({ sessionRevalidateMinutes }) => sessionRevalidateMinutes, 1],
  [
    'SESSIONS_NOT_BEFORE',
    '2026-11-21T09:00:00Z',
    ({ sessionsNotBefore }) => sessionsNotBefore,
    Date.UTC(2026, 10, 21, 9),
  ],
  [
    'SESSIONS_NOT_BEFORE',
    '2024-02-29T23:59:59.5Z',
    ({ sessionsNotBefore }) => sessionsNotBefore,
    Date.UTC(2024, 1, 29, 23, 59, 59, 500),
  ],
  ['APPLICATION_NAME', 'Contoso Expenses', ({ applicationName }) => applicationName, 'Contoso Expenses'],
  [
    'TABLES_MANAGED_IDENTITY_CLIENT_ID',
    OTHER_TENANT.toUpperCase(),
    ({ tablesManagedIdentityClientId }) => tablesManagedIdentityClientId,
    OTHER_TENANT,
  ],
  ['HOME_PAGE', 'off', ({ homePage }) => homePage, false],
  ['HOME_PAGE', 'on', ({ homePage }) => homePage, true],
];

const WRONG: readonly (readonly [name: string, value: string | undefined, problem: RegExp])[] = [
  ['AUTH_AUTHORITY', undefined, /^is not set$/],
  ['AUTH_AUTHORITY', 'login.microsoftonline.com/x', /not an absolute URL/],
  ['AUTH_AUTHORITY', 'http://op.contoso.com', /^must be https$/],
  ['AUTH_AUTHORITY', 'http://localhost:8400', /^must be https$/],
  ['AUTH_AUTHORITY', 'https://op.contoso.com?x', /query/],
  ['AUTH_AUTHORITY', 'https://op.contoso.com#x?y', /^must not have a fragment$/],
  ['AUTH_AUTHORITY', 'https://u:p@op.contoso.com', /user name/],
  ['AUTH_METADATA_URL', 'http://op.contoso.com/d', /must be https/],
  ['AUTH_METADATA_URL', 'https://op.contoso.com/d#x', /fragment/],
  ['AUTH_METADATA_URL', 'https://u@op.contoso.com/d', /user name/],
  ['AUTH_PROTOCOL', 'Entra', /^must be entra or oidc$/],
  ['AUTH_CLIENT_ID', undefined, /^is not set$/],
  ['AUTH_CLIENT_ID', 'a\u0000b', /not visible ASCII/],
  ['AUTH_SCOPES', 'a "b" c\\d', /^entry 2 is not a scope.*; entry 3 is not a scope/],
  ['AUTH_SCOPES', 'a\tb', /^entry 1 is not a scope/],
  ['AUTH_RESPONSE_MODE', 'fragment', /^must be query or form_post$/],
  ['AUTH_TENANTS', `${TENANT},contoso.com,`, /^entry 2 is not a GUID; entry 3 is not a GUID$/],
  ['SIGNOUT_SCOPE', 'all', /^must be account or session$/],
  ['SIGNOUT_SCOPE_REMOTE', 'none', /^must be account or session$/],
  ['SESSION_IDLE_MINUTES', '0', /whole number from 1 to 43200/],
  ['SESSION_IDLE_MINUTES', '1.5', /whole number/],
  ['SESSION_IDLE_MINUTES', '-1', /whole number/],
  ['SESSION_IDLE_MINUTES', '1e3', /whole number/],
  ['SESSION_IDLE_MINUTES', '721', /^must not be more than SESSION_ABSOLUTE_MINUTES$/],
  ['SESSION_ABSOLUTE_MINUTES', '43201', /whole number from 1 to 43200/],
  ['SESSION_ABSOLUTE_MINUTES', 'a day', /whole number/],
  ['SESSION_REVALIDATE_MINUTES', '0', /whole number from 1 to 43200/],
  ['SESSIONS_NOT_BEFORE', '2026-11-21', /^must be an instant in UTC with seconds/],
  ['SESSIONS_NOT_BEFORE', '2026-11-21T09:00:00', /^must be an instant in UTC/],
  ['SESSIONS_NOT_BEFORE', '2026-11-21T09:00:00+01:00', /^must be an instant in UTC/],
  ['SESSIONS_NOT_BEFORE', '2026-11-21 09:00:00Z', /^must be an instant in UTC/],
  ['SESSIONS_NOT_BEFORE', '2026-02-30T09:00:00Z', /^must be an instant in UTC/],
  ['SESSIONS_NOT_BEFORE', '2026-11-21T24:00:00Z', /^must be an instant in UTC/],
  ['SESSIONS_NOT_BEFORE', '1764400000', /^must be an instant in UTC/],
  ['SESSIONS_NOT_BEFORE', 'now', /^must be an instant in UTC/],
  ['APPLICATION_NAME', 'x'.repeat(65), /^must be at most 64 characters on one line$/],
  ['APPLICATION_NAME', 'two\nlines', /^must be at most 64 characters on one line$/],
  ['TABLES_MANAGED_IDENTITY_CLIENT_ID', 'system', /^is not a GUID/],
  ['HOME_PAGE', 'true', /^must be on or off$/],
];

describe('a setting', () => {
  it.each(RIGHT)('is right as %s=%j', (name, value, read, expected) => {
    expect(read(settingsWith({ [name]: value }))).toEqual(expected);
  });

  it.each(WRONG)('is refused as %s=%j', (name, value, problem) => {
    expect(problemsWith({ [name]: value })).toEqual({ [name]: expect.stringMatching(problem) });
  });
});

describe('an authority that lets every tenant in', () => {
  it.each(['common', 'organizations', 'consumers', 'Common', 'common/'])('%s needs a list of tenants', (path) => {
    const authority = { AUTH_AUTHORITY: `https://login.microsoftonline.com/${path}` };
    expect(problemsWith(authority)).toEqual({ AUTH_TENANTS: expect.stringMatching(/would let every tenant in/) });
    expect(settingsWith({ ...authority, AUTH_TENANTS: TENANT }).op.tenants).toEqual([TENANT]);
  });
});

describe('an instant before which no session counts', () => {
  const NOW = Date.UTC(2026, 10, 21, 9);
  const at = (SESSIONS_NOT_BEFORE: string) => {
    const parsed = parseSettings({ ...LEAST, SESSIONS_NOT_BEFORE }, NOW);
    return parsed.ok ? 'right' : parsed.mistakes.map(({ setting, problem }) => `${setting} ${problem}`).join();
  };

  it('may be now, by clocks that differ a little, and not in the future: nobody could sign in', () => {
    expect(at('2026-11-21T09:00:00Z')).toBe('right');
    expect(at('2026-11-21T09:00:02Z')).toBe('right');
    expect(at('2026-11-21T09:00:02.001Z')).toMatch(/^SESSIONS_NOT_BEFORE is in the future/);
    expect(at('2036-11-21T09:00:00Z')).toMatch(/in the future/);
  });
});

describe('an API that is sent the application’s own token', () => {
  const apis = {
    own: { baseUrl: 'https://a.example', token: 'application', scopes: ['a/.default'], allow: ['GET /'] },
  };

  it('needs a tenant to get it from', () => {
    const changes = { DOWNSTREAM_APIS: JSON.stringify(apis), AUTH_TENANTS: TENANT };
    expect(problemsWith({ ...changes, AUTH_AUTHORITY: COMMON })).toEqual({
      DOWNSTREAM_APIS: expect.stringMatching(/names no one tenant to get it from/),
    });
    expect(problemsWith(changes)).toEqual({});
  });
});

describe('the platform', () => {
  it.each(['true', 'True', ' TRUE '])('must not answer before us: WEBSITE_AUTH_ENABLED=%j', (value) => {
    expect(problemsWith({ WEBSITE_AUTH_ENABLED: value })).toEqual({
      WEBSITE_AUTH_ENABLED: expect.stringMatching(/EasyAuth/),
    });
  });

  it.each(['false', 'False', ''])('does not with WEBSITE_AUTH_ENABLED=%j', (value) => {
    expect(problemsWith({ WEBSITE_AUTH_ENABLED: value })).toEqual({});
  });

  it('may set what it likes beside ours', () => {
    expect(problemsWith({ PATH: '/bin', AUTH_CLIENTID: 'x', SESSION_KEY: 'x', TABLES_X: 'x' })).toEqual({});
  });
});

describe('mistakes', () => {
  it('are all named in one go', () => {
    const parsed = parseSettings({
      PUBLIC_ORIGIN: 'http://app.contoso.com/x',
      AUTH_AUTHORITY: COMMON,
      AUTH_CLIENT_SECRET: 'a',
      AUTH_CLIENT_CERTIFICATE: 'b',
      SESSION_KEYS: `k1:${keyOf(0)}`,
      SESSION_IDLE_MINUTES: '1000',
      DOWNSTREAM_APIS: '[]',
      WEBSITE_AUTH_ENABLED: 'true',
    });
    expect(!parsed.ok && parsed.mistakes.map(({ setting }) => setting)).toEqual([
      'PUBLIC_ORIGIN',
      'AUTH_CLIENT_ID',
      'AUTH_CLIENT_CERTIFICATE',
      'SESSION_KEYS',
      'DOWNSTREAM_APIS',
      'AUTH_CLIENT_SECRET | AUTH_CLIENT_CERTIFICATE | AUTH_MANAGED_IDENTITY_CLIENT_ID',
      'TABLES_ENDPOINT | TABLES_CONNECTION_STRING',
      'AUTH_TENANTS',
      'SESSION_IDLE_MINUTES',
      'WEBSITE_AUTH_ENABLED',
    ]);
  });

  it('make one message with a line for each setting: its name, what is wrong, an example', () => {
    const parsed = parseSettings({ ...LEAST, AUTH_CLIENT_ID: '', AUTH_PROTOCOL: 'saml' });
    expect(describeMistakes(parsed.ok ? [] : parsed.mistakes)).toBe(
      [
        'AUTH_PROTOCOL: must be entra or oidc. Example: AUTH_PROTOCOL=entra',
        'AUTH_CLIENT_ID: is not set. Example: AUTH_CLIENT_ID=66666666-7777-8888-9999-000000000000',
      ].join('\n'),
    );
  });
});
