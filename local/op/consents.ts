import { type ScopeRequest, scopesByResource } from './scopes.ts';
import type { OpState } from './state.ts';
import type { Application } from './types.ts';

/** All that an application may ask for: what was consented to for everyone, and what each person is asked. */
export const registeredScopes = ({ apiScopes, personalScopes = [] }: Application): readonly string[] => [
  ...apiScopes,
  ...personalScopes,
];

/** What an application may have of a person, short names by resource. */
export function consentedScopes(
  { consents }: OpState,
  application: Application,
  oid: string,
): ReadonlyMap<string, readonly string[]> {
  const own = consents.get(keyOf(application, oid)) ?? [];
  return scopesByResource([...application.apiScopes, ...own]);
}

/** What of a request a person has not consented to yet, in full. `.default` asks for all that a person is asked at its resource. */
export function unconsented(
  state: OpState,
  application: Application,
  oid: string,
  { resources }: ScopeRequest,
): readonly string[] {
  const consented = consentedScopes(state, application, oid);
  const registered = scopesByResource(registeredScopes(application));
  return [...resources].flatMap(([resource, names]) =>
    (names.includes('.default') ? (registered.get(resource) ?? []) : names)
      .filter((name) => !consented.get(resource)?.includes(name))
      .map((name) => `${resource}/${name}`),
  );
}

/** A person consents, once and for all. */
export function consent({ consents }: OpState, application: Application, oid: string, scopes: readonly string[]): void {
  const key = keyOf(application, oid);
  consents.set(key, new Set([...(consents.get(key) ?? []), ...scopes]));
}

const keyOf = ({ clientId }: Application, oid: string): string => `${clientId} ${oid}`;
