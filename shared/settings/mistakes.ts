import { entraAuthorityProblem, isExternalId, isOfManyTenants } from './authority.ts';
import { mayBeSameSite } from './origin.ts';
import { SETTINGS, type SettingName, type SettingValues } from './registry.ts';
import { isEverything } from './resource.ts';
import { asksForSeveral } from './step-up.ts';
import { scopesProblem } from './token-rules.ts';

/** What is wrong with one setting. Never holds the setting's value, which may be a secret. */
export interface SettingMistake {
  /** The setting's name; of a group of which exactly one is to be set, their names with ` | ` between them. */
  readonly setting: string;
  /** In plain words, to be read behind the name. */
  readonly problem: string;
  /** `NAME=value` as it would be right. */
  readonly example: string;
}

/** Which setting another one, behind it, does nothing without. */
export const NEEDED: readonly (readonly [SettingName, SettingName])[] = [
  ['TABLES_ENDPOINT', 'TABLES_ENDPOINT_MOVING'],
  ['TABLES_CONNECTION_STRING', 'TABLES_CONNECTION_STRING_MOVING'],
  ['OPERATOR_AUDIENCE', 'OPERATOR_TENANT'],
  ['DIRECTORY_TENANT', 'DIRECTORY_GRAPH_URL'],
  ['DIRECTORY_TENANT', 'DIRECTORY_MANAGED_IDENTITY_CLIENT_ID'],
  ['SECURITY_EVENTS_JWKS_URL', 'SECURITY_EVENTS_ISSUER'],
  ['SECURITY_EVENTS_ISSUER', 'SECURITY_EVENTS_JWKS_URL'],
  ['SECURITY_EVENTS_ISSUER', 'SECURITY_EVENTS_AUDIENCE'],
  ['SECURITY_EVENTS_ISSUER', 'SECURITY_EVENTS_AUTHORIZATION'],
  ['SECURITY_EVENTS_ISSUER', 'SECURITY_EVENTS_SUBJECTS'],
];

const NO_TENANT = 'has an API with "token": "application", and AUTH_AUTHORITY names no one tenant to get it from';
const NO_COOKIE = 'so that no browser would send the session with its calls';

/** What could be read, defaults among it; a setting with a mistake is left out. */
export type ReadValues = Partial<SettingValues>;

export function mistake(name: SettingName, problem: string): SettingMistake {
  return { setting: name, problem, example: `${name}=${SETTINGS[name].example}` };
}

/** What is wrong with one setting beside another. */
export function combinationMistakes(
  values: ReadValues,
  isSet: (name: SettingName) => boolean,
): readonly SettingMistake[] {
  const mistakes: SettingMistake[] = [...opMistakes(values, isSet)];
  if (values.AUTH_AUTHORITY !== undefined && isOfManyTenants(values.AUTH_AUTHORITY)) {
    if (!isSet('AUTH_TENANTS')) {
      mistakes.push(mistake('AUTH_TENANTS', 'is not set, and AUTH_AUTHORITY would let every tenant in'));
    }
    if ([...(values.DOWNSTREAM_APIS ?? new Map()).values()].some(({ token }) => token === 'application')) {
      mistakes.push(mistake('DOWNSTREAM_APIS', NO_TENANT));
    }
    // Any tenant may give its own people a role of the application's.
    if (isSet('OPERATOR_AUDIENCE') && !isSet('OPERATOR_TENANT')) {
      mistakes.push(mistake('OPERATOR_TENANT', 'is not set, and operators of every tenant would be believed'));
    }
  }
  const { SESSION_IDLE_MINUTES: idle, SESSION_ABSOLUTE_MINUTES: absolute } = values;
  if (isSet('SESSION_IDLE_MINUTES') && idle !== undefined && absolute !== undefined && idle > absolute) {
    mistakes.push(mistake('SESSION_IDLE_MINUTES', 'must not be more than SESSION_ABSOLUTE_MINUTES'));
  }
  if (values.APPLICATION_PART === 'directory' && !isSet('DIRECTORY_TENANT')) {
    mistakes.push(mistake('DIRECTORY_TENANT', 'is not set, and APPLICATION_PART=directory runs its door alone'));
  }
  // A managed identity's token goes over no plain http, not even on this machine: nobody has one there.
  const { DIRECTORY_GRAPH_URL: graphUrl } = values;
  if (isSet('DIRECTORY_MANAGED_IDENTITY_CLIENT_ID') && graphUrl?.startsWith('http:')) {
    mistakes.push(mistake('DIRECTORY_GRAPH_URL', 'must be https with DIRECTORY_MANAGED_IDENTITY_CLIENT_ID'));
  }
  const { PUBLIC_ORIGIN: own, SIBLING_ORIGINS: siblings = [] } = values;
  siblings.forEach((sibling, index) => {
    if (own === undefined || mayBeSameSite(own, sibling)) return;
    mistakes.push(mistake('SIBLING_ORIGINS', `entry ${index + 1} is on another site than PUBLIC_ORIGIN, ${NO_COOKIE}`));
  });
  mistakes.push(...apiMistakes(values));
  for (const [needed, by] of NEEDED) {
    if (isSet(by) && !isSet(needed)) mistakes.push(mistake(needed, `is not set, and ${by} needs it`));
  }
  return mistakes;
}

/** What the OP, by its address and its dialect, makes of other settings. */
function opMistakes(values: ReadValues, isSet: (name: SettingName) => boolean): SettingMistake[] {
  const { AUTH_AUTHORITY: authority, AUTH_PROTOCOL: protocol } = values;
  const mistakes: SettingMistake[] = [];
  const problem = authority !== undefined && protocol === 'entra' ? entraAuthorityProblem(authority) : null;
  if (problem !== null) mistakes.push(mistake('AUTH_AUTHORITY', problem));
  if (authority !== undefined && isExternalId(authority) && isSet('AUTH_MANAGED_IDENTITY_CLIENT_ID')) {
    const reason = 'is of no use at an external tenant: a managed identity is trusted in its own tenant alone';
    mistakes.push(mistake('AUTH_MANAGED_IDENTITY_CLIENT_ID', reason));
  }
  if (protocol === 'entra') mistakes.push(...entraMistakes(values, isSet));
  return mistakes;
}

/** What Entra ID cannot do, or refuses. */
function* entraMistakes(
  { AUTH_REVOCATION: revocation, AUTH_SCOPES: scopes = [] }: ReadValues,
  isSet: (name: SettingName) => boolean,
): Generator<SettingMistake> {
  // Whoever sets how far it goes believes that it is done.
  if (isSet('AUTH_REVOCATION') && revocation !== undefined && revocation !== 'off') {
    yield mistake('AUTH_REVOCATION', 'is of no use at Entra ID, which revokes no refresh tokens: leave it out, or off');
  }
  // AADSTS70011: nobody could sign in.
  if (scopes.length > 1 && scopes.some(isEverything)) {
    yield mistake('AUTH_SCOPES', 'may have nothing beside the scope /.default');
  }
}

/** What is wrong with the APIs beside other settings. */
function apiMistakes({ DOWNSTREAM_APIS: apis, TRUSTED_PROXY: proxy, AUTH_PROTOCOL: protocol }: ReadValues) {
  return [...(apis?.values() ?? [])].flatMap(({ name, requestHeaders, stepUp, token, scopes }) => {
    const ofScopes = scopesProblem({ token, scopes }, protocol);
    const problems: string[] = ofScopes === null ? [] : [`${name}.scopes: ${ofScopes}`];
    // Its value is the proxy's secret: an API that is sent it could pass for the proxy.
    if (proxy && requestHeaders.includes(proxy.header)) {
      problems.push(`${name}.requestHeaders: names the header by which the proxy of TRUSTED_PROXY proves itself`);
    }
    // OpenID Connect Core 1.0 section 2: there is one `acr` in an ID token, so that nobody could ever come through.
    if (protocol === 'oidc' && asksForSeveral(stepUp)) {
      problems.push(`${name}.stepUp: asks a call for several acrs, and an OP of AUTH_PROTOCOL=oidc vouches for one`);
    }
    return problems.map((problem) => mistake('DOWNSTREAM_APIS', problem));
  });
}
