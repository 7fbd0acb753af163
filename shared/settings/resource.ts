/**
 * The resource of a scope in Entra ID's form: what comes before its last slash, whether or not the resource itself ends in one
 * (`https://management.core.windows.net//.default`). A short name (`User.Read`) is of the one resource that may be named so.
 */
export function resourceOf(scope: string): string {
  const slash = scope.lastIndexOf('/');
  return slash === -1 ? '' : scope.slice(0, slash).replace(/\/+$/, '').toLowerCase();
}

/** All that the application has at a resource. @see https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope */
export const isDefault = (scope: string): boolean => scope.endsWith('/.default');

/** The same as settings have to write it: of a resource that is named. */
export const isEverything = (scope: string): boolean => isDefault(scope) && resourceOf(scope) !== '';
