import { DOORS } from '../../../functions/doors/doors.ts';
import type { Route } from '../../../functions/route.ts';
import { ROUTES } from '../../../functions/routes.ts';
import { OPERATOR_ROLE } from '../../../shared/operator/operator-token.ts';
import { CALLBACK_PATH } from '../../../shared/signin/begin.ts';
import { SIGNED_OUT_PATH } from '../../../shared/signout/leave.ts';
import type { Plan } from '../support/bicep/plan.ts';
import { at, isFields, type Value } from '../support/bicep/values.ts';
import { applicationIdentity, listAt, settingsOf, textAt } from '../support/planned.ts';
import { eachPlan, ofType, type Rule } from '../support/rule.ts';

const MAIN = 'infra/main.bicep';
const FILE = 'infra/modules/app-registration.bicep';
const OPERATORS = 'infra/modules/operators.bicep';

/** Of every route the path, by the function's name. */
const PATHS = new Map<string, string>(
  [...ROUTES, ...DOORS.flatMap(({ routes }): readonly Route[] => routes)].map(({ name, route }) => [name, `/${route}`]),
);
/** Where the OP sends browsers, and what it calls in an iframe: each is a route, by the name of its function. */
const REDIRECTS = [PATHS.get('callback'), PATHS.get('signed-out')];
const FRONT_CHANNEL = PATHS.get('signout-callback');

/** What the OP has to know: as it is registered, or as the outputs say it to whoever does that by hand. */
function registered(plan: Plan): {
  readonly redirectUris: readonly Value[];
  readonly logoutUrl: string;
  readonly claims: readonly Value[];
} {
  const application = ofType(plan, 'Microsoft.Graph/applications').find(({ file }) => file === FILE);
  if (application !== undefined) {
    const { body } = application;
    const claims = listAt(body, 'optionalClaims.idToken').map((claim) => at(claim, 'name') ?? null);
    return { redirectUris: listAt(body, 'web.redirectUris'), logoutUrl: textAt(body, 'web.logoutUrl'), claims };
  }
  const { REGISTRATION = {} } = plan.outputs;
  return {
    redirectUris: listAt(REGISTRATION, 'redirectUris'),
    logoutUrl: textAt(REGISTRATION, 'frontChannelLogoutUrl'),
    claims: listAt(REGISTRATION, 'optionalIdTokenClaims'),
  };
}

/** @see docs/providers.md */
const EXCHANGE: Readonly<Record<string, { readonly audience: string; readonly login: string }>> = {
  'US Government': { audience: 'api://AzureADTokenExchangeUSGov', login: 'https://login.microsoftonline.us/' },
  China: { audience: 'api://AzureADTokenExchangeChina', login: 'https://login.partner.microsoftonline.cn/' },
};
const PUBLIC_EXCHANGE = { audience: 'api://AzureADTokenExchange', login: 'https://login.microsoftonline.com/' };

export const REGISTRATION_RULES: readonly Rule[] = [
  {
    name: 'the OP may send browsers to every route that the code has it send them to, and to no other',
    check: eachPlan((plan) => {
      const { PUBLIC_ORIGIN } = settingsOf(plan);
      const expected = REDIRECTS.map((path) => `${PUBLIC_ORIGIN}${path}`);
      const { redirectUris } = registered(plan);
      const asked = [CALLBACK_PATH, SIGNED_OUT_PATH].map((path) => `${PUBLIC_ORIGIN}${path}`);
      return [
        ...[...expected, ...asked]
          .filter((uri) => !redirectUris.includes(uri))
          .map((uri) => `${uri} is not registered`),
        ...redirectUris.filter((uri) => !expected.includes(String(uri))).map((uri) => `${uri} is registered`),
      ];
    }),
    mutations: [
      { file: MAIN, replace: "'${origin}/auth/callback'", by: "'${origin}/auth/callback/'" },
      { file: MAIN, replace: ", '${origin}/auth/signed-out'", by: '' },
      {
        file: MAIN,
        replace: "'${origin}/auth/signed-out'",
        by: "'${origin}/auth/signed-out', 'http://localhost:7071/auth/callback'",
      },
    ],
  },
  {
    name: 'when somebody signs out elsewhere, the OP calls the front-channel door, by https',
    check: eachPlan((plan) => {
      const { PUBLIC_ORIGIN } = settingsOf(plan);
      const { logoutUrl } = registered(plan);
      return logoutUrl === `${PUBLIC_ORIGIN}${FRONT_CHANNEL}` && logoutUrl.startsWith('https://') ? [] : [logoutUrl];
    }),
    mutations: [
      { file: MAIN, replace: '/auth/signout-callback', by: '/auth/signout' },
      { file: FILE, replace: /^\s*logoutUrl: .*\n/m, by: '' },
    ],
  },
  {
    name: 'the ID token has the claims by which sessions are found, nobody is asked who leaves, and a step-up is proved',
    check: eachPlan((plan) =>
      ['sid', 'login_hint', 'acrs', 'auth_time']
        .filter((name) => !registered(plan).claims.includes(name))
        .map((name) => `${name} is missing`),
    ),
    mutations: [
      { file: MAIN, replace: "['sid', ", by: '[' },
      { file: MAIN, replace: "'login_hint', ", by: '' },
      { file: MAIN, replace: "'acrs', ", by: '' },
      { file: MAIN, replace: ", 'auth_time'", by: '' },
    ],
  },
  {
    name: 'tokens come by the code flow alone, and the application has no credential that somebody could copy',
    check: eachPlan((plan) =>
      ofType(plan, 'Microsoft.Graph/applications').flatMap(({ body, symbol, file }) => {
        const implicit = Object.entries(fieldsAt(body, 'web.implicitGrantSettings')).filter(
          ([, isOn]) => isOn !== false,
        );
        const credentials = ['passwordCredentials', 'keyCredentials'].filter((name) => listAt(body, name).length > 0);
        const isPublic = body.isFallbackPublicClient === true || at(body, 'publicClient') !== undefined;
        return [...implicit.map(([name]) => name), ...credentials, ...(isPublic ? ['a public client'] : [])].map(
          (what) => `${file}: ${symbol}: ${what}`,
        );
      }),
    ),
    mutations: [
      { file: FILE, replace: 'enableIdTokenIssuance: false', by: 'enableIdTokenIssuance: true' },
      { file: FILE, replace: 'isFallbackPublicClient: false', by: 'isFallbackPublicClient: true' },
      {
        file: FILE,
        replace: '  displayName: displayName\n',
        by: "  displayName: displayName\n  passwordCredentials: [{ displayName: 'a' }]\n",
      },
    ],
  },
  {
    name: "the application trusts its identity's tokens, for the audience and from the issuer of its cloud, and no others",
    check: eachPlan((plan, scenario) => {
      const trusted = ofType(plan, 'Microsoft.Graph/applications/federatedIdentityCredentials');
      const isAsked = 'AUTH_MANAGED_IDENTITY_CLIENT_ID' in settingsOf(plan) && scenario !== 'existing application';
      if (!isAsked) return trusted.map(({ symbol }) => `${symbol} where another credential counts`);
      const { audience, login } = EXCHANGE[scenario] ?? PUBLIC_EXCHANGE;
      const tenantId = tenantOf(plan);
      const expected = JSON.stringify([`${login}${tenantId}/v2.0`, applicationIdentity(plan).principalId, [audience]]);
      return trusted
        .map(({ body }) => JSON.stringify([body.issuer, body.subject, body.audiences]))
        .filter((one) => one !== expected)
        .concat(trusted.length === 1 ? [] : [`${trusted.length} credentials`]);
    }),
    mutations: [
      { file: MAIN, replace: "'api://AzureADTokenExchangeUSGov'", by: "'api://AzureADTokenExchange'" },
      { file: MAIN, replace: 'subject: identity.outputs.principalId', by: 'subject: identity.outputs.clientId' },
      { file: MAIN, replace: "issuer: '${tenantAuthority}/v2.0'", by: "issuer: '${tenantAuthority}/'" },
    ],
  },
  {
    name: 'the authority is that of the cloud',
    check: eachPlan((plan, scenario) => {
      const { AUTH_AUTHORITY = '' } = settingsOf(plan);
      if (scenario === 'External ID') return AUTH_AUTHORITY.includes('.ciamlogin.com/') ? [] : [AUTH_AUTHORITY];
      const { login } = EXCHANGE[scenario] ?? PUBLIC_EXCHANGE;
      return AUTH_AUTHORITY === `${login}${tenantOf(plan)}` ? [] : [AUTH_AUTHORITY];
    }),
    mutations: [{ file: MAIN, replace: "'login.partner.microsoftonline.cn'", by: "'login.chinacloudapi.cn'" }],
  },
  {
    name: 'whoever is an operator has the app role that the code asks for, at an API that is not the sign-in',
    check: ({ plan }) => {
      const roles = ofType(plan('everything'), 'Microsoft.Graph/applications').flatMap(({ body, file }) =>
        listAt(body, 'appRoles').map((role) => ({
          file,
          value: textAt(role, 'value'),
          isEnabled: at(role, 'isEnabled'),
        })),
      );
      const { OPERATOR_AUDIENCE, AUTH_CLIENT_ID } = settingsOf(plan('everything'));
      const found = roles.filter(({ value, isEnabled }) => value === OPERATOR_ROLE && isEnabled === true);
      return [
        ...(found.length === 1 ? [] : [`${found.length} roles ${OPERATOR_ROLE}`]),
        ...(OPERATOR_AUDIENCE === undefined || OPERATOR_AUDIENCE === AUTH_CLIENT_ID ? ['the API is the sign-in'] : []),
      ];
    },
    mutations: [
      { file: OPERATORS, replace: "value: 'Exeunt.Operator'", by: "value: 'Operator'" },
      { file: OPERATORS, replace: 'isEnabled: true', by: 'isEnabled: false' },
      { file: MAIN, replace: 'operators!.outputs.audience', by: 'clientId' },
    ],
  },
];

const fieldsAt = (value: Value, path: string) => {
  const found = at(value, path);
  return found !== undefined && isFields(found) ? found : {};
};

/** The tenant that the plan's vault is in. */
function tenantOf(plan: Plan): string {
  return textAt(ofType(plan, 'Microsoft.KeyVault/vaults')[0]?.body, 'properties.tenantId');
}
