import { isEverything, resourceOf } from './resource.ts';
import type { Refuse } from './schema.ts';
import type { DownstreamApi, OpSettings } from './settings.ts';

type Api = Pick<DownstreamApi, 'token' | 'session' | 'scopes' | 'allow' | 'stepUp'>;

/** What the rules are about. A mistake in one of these is named already, and is not to bring another. */
export const TOKEN_RULES_MEMBERS = ['token', 'session', 'scopes', 'allow', 'stepUp'] as const satisfies (keyof Api)[];

/** Whose token an API is sent, and who may have it sent: default deny, and each exception in as many words. */
export function tokenRules(api: Api, refuse: Refuse): void {
  for (const [member, message] of mistakesOf(api)) refuse(message, [member]);
}

function* mistakesOf({ token, session, scopes, allow, stepUp }: Api): Generator<readonly [keyof Api, string]> {
  if (token === 'user' && scopes.length === 0) yield ['scopes', 'is missing'];
  if (token === 'user' && scopes.length > 1 && scopes.some(isEverything)) {
    yield ['scopes', 'may have nothing beside the scope /.default'];
  }
  if (token === 'none' && scopes.length > 0) yield ['scopes', 'must be left out with "token": "none"'];
  if (session === 'required') return;
  if (token === 'user') yield ['session', 'may be none only with "token": "none" or "application"'];
  if (stepUp.length > 0) yield ['stepUp', 'must be left out with "session": "none": nobody would have signed in'];
  // What the application may do, anybody may then have it do: each such route has to be meant.
  if (token === 'application' && allow.some(({ method, pattern }) => method === '*' || pattern.endsWith('/**'))) {
    yield ['allow', 'must name each method, and no path by **, with "session": "none" and "token": "application"'];
  }
}

/**
 * What the OP would refuse of an API's scopes; null: nothing. Entra ID gives tokens for one resource at a time (AADSTS28000), and the
 * application's own for nothing less than everything there.
 */
export function scopesProblem(
  { token, scopes }: Pick<Api, 'token' | 'scopes'>,
  protocol: OpSettings['protocol'] | undefined,
): string | null {
  if (protocol === 'oidc') return token === 'application' && scopes.length === 0 ? 'is missing' : null;
  if (token === 'application' && !(scopes.length === 1 && isEverything(scopes[0] ?? ''))) {
    return 'must be the one scope /.default of a resource with "token": "application"';
  }
  // Short names are of one resource, whose long name nobody knows here.
  const resources = new Set(scopes.map(resourceOf).filter((resource) => resource !== ''));
  return resources.size > 1 ? 'must be of one resource, as Entra ID gives tokens for one at a time' : null;
}
