import * as z from 'zod/mini';
import type { DownstreamApi, OpSettings } from './settings.ts';

type Api = Pick<DownstreamApi, 'token' | 'session' | 'scopes' | 'allow' | 'stepUp'>;

/** What the rules are about. A mistake in one of these is named already, and is not to bring another. */
const MEMBERS: readonly PropertyKey[] = ['token', 'session', 'scopes', 'allow', 'stepUp'] satisfies (keyof Api)[];

/**
 * Entra ID's way to ask for all that an application may do at a resource.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope
 */
export const isEverything = (scope: string): boolean => /[^/]\/+\.default$/.test(scope);

/** Whose token an API is sent, and who may have it sent: default deny, and each exception in as many words. */
export const tokenRules = z.check<Api>(
  ({ value, issues }) => {
    for (const [member, message] of mistakesOf(value)) {
      issues.push({ code: 'custom', path: [member], message, input: undefined });
    }
  },
  {
    // Also where other members are mistaken: all mistakes are named in one go.
    when: ({ value, issues }) =>
      typeof value === 'object' && value !== null && !issues.some(({ path = [] }) => MEMBERS.includes(path[0] ?? '')),
  },
);

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

/** What is wrong with the scopes of an API that is sent the application's own token; null: nothing. Entra ID's are for nothing less than everything. */
export function ownScopesProblem(
  { token, scopes }: Pick<Api, 'token' | 'scopes'>,
  protocol: OpSettings['protocol'] | undefined,
): string | null {
  if (token !== 'application') return null;
  if (protocol === 'oidc') return scopes.length > 0 ? null : 'is missing';
  if (scopes.length === 1 && isEverything(scopes[0] ?? '')) return null;
  return 'must be the one scope /.default of a resource with "token": "application"';
}
