import { ofOneResource } from '../oidc/scopes.ts';
import type { SessionTicket } from '../session/ticket.ts';
import { isDefault } from '../settings/resource.ts';
import type { Settings } from '../settings/settings.ts';
import type { Attempt } from './attempt.ts';
import type { SigninWishes } from './begin.ts';

/** Asked for at every sign-in; `offline_access` is what brings a refresh token. */
const BASE_SCOPES = ['openid', 'profile', 'offline_access'];
/** More would make cookies long: the oldest makes way, and is asked for again when it is called. */
const APIS_MAX = 10;
const KEPT_CHARACTERS_MAX = 600;

/**
 * The scopes of a sign-in, as its attempt keeps them.
 *
 * A new sign-in brings a new refresh token in place of the session's own. At Entra ID that one serves all that the person has
 * consented to, whatever was asked for when it came. Elsewhere it serves what was asked for and no more (RFC 6749 section 6): a
 * sign-in for one API would undo those for others before it. So what the browser has signed in for is asked for again; the
 * session's cookie knows it. A sign-in for no API starts from nothing, since it may be somebody else's.
 *
 * Entra ID takes no `.default` beside other scopes (AADSTS70011).
 *
 * @see https://learn.microsoft.com/entra/identity-platform/scopes-oidc
 */
export function signinScopes(
  settings: ScopeSettings,
  { api, hints, stepUp }: Pick<SigninWishes, 'api' | 'hints' | 'stepUp'>,
  replaces: SessionTicket | null,
): Pick<Attempt, 'scopes' | 'api' | 'apis'> {
  const { op } = settings;
  const own = scopesOf(settings, api);
  const goesOn = api !== undefined || stepUp !== undefined || hints.claims !== null;
  const before = goesOn ? keptOf(settings, replaces?.apis ?? [], api) : [];
  const apis = [...before, ...(own.length > 0 ? [api] : [])].filter((name) => name !== undefined).slice(-APIS_MAX);
  const named = { ...(own.length > 0 && { api }), ...(apis.length > 0 && { apis }) };
  const every = unique([...op.scopes, ...own]);
  if (op.protocol !== 'entra') {
    return {
      scopes: unique([...BASE_SCOPES, ...every, ...before.flatMap((name) => scopesOf(settings, name))]),
      ...named,
    };
  }
  return { scopes: [...BASE_SCOPES, ...(own.length > 0 && every.some(isDefault) ? own : every)], ...named };
}

/**
 * Those that the code of an attempt is redeemed for: Entra ID takes scopes of several resources for consent, and gives a token for
 * one (AADSTS28000): the API's, or the first that every sign-in asks for. Elsewhere the code is for what was asked.
 */
export function redeemedScopes(settings: ScopeSettings, { scopes, api }: Attempt): readonly string[] {
  const { op } = settings;
  if (op.protocol !== 'entra') return scopes;
  const own = scopesOf(settings, api);
  return [...BASE_SCOPES, ...ofOneResource(own.length > 0 ? own : op.scopes)];
}

type ScopeSettings = Pick<Settings, 'op' | 'downstreamApis'>;

/** What people are asked for an API: nothing where it is sent another token than theirs. */
function scopesOf({ downstreamApis }: ScopeSettings, name: string | undefined): readonly string[] {
  const api = name === undefined ? undefined : downstreamApis.get(name);
  return api?.token === 'user' ? api.scopes : [];
}

/** The latest of the APIs before, as far as their scopes fit into a cookie. */
function keptOf(settings: ScopeSettings, before: readonly string[], api: string | undefined): readonly string[] {
  const kept: string[] = [];
  let characters = 0;
  for (const name of unique(before).toReversed()) {
    const scopes = scopesOf(settings, name);
    characters += scopes.join(' ').length;
    if (characters > KEPT_CHARACTERS_MAX) break;
    if (name !== api && scopes.length > 0) kept.unshift(name);
  }
  return kept;
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
