import { isDefault, resourceOf } from '../settings/resource.ts';

/** Of OpenID Connect itself, and of no resource. @see OpenID Connect Core 1.0 sections 5.4 and 11 */
const OPENID_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
]);

/** Those of the first resource among them: the token endpoint of Entra ID gives tokens for one at a time (AADSTS28000). */
export function ofOneResource(scopes: readonly string[]): readonly string[] {
  const named = scopes.filter((scope) => !OPENID_SCOPES.has(scope));
  const [first] = named;
  return first === undefined ? [] : named.filter((scope) => resourceOf(scope) === resourceOf(first));
}

/**
 * Whether a token with these scopes, as the OP named them in its answer, is for all of those that are wanted. `.default` stands
 * for whatever the application has at its resource: there any token will do that is of that resource alone. (Entra ID names
 * `.default` in its answer too; others name what it came to.)
 *
 * @param granted in any case
 */
export function covers(granted: readonly string[], wanted: readonly string[]): boolean {
  const known = new Set(granted.map((scope) => scope.toLowerCase()));
  const resources = new Set([...known].filter((scope) => !OPENID_SCOPES.has(scope)).map(resourceOf));
  // The tokens of all resources have these: they tell none from another.
  if (wanted.every((scope) => OPENID_SCOPES.has(scope))) {
    return wanted.length > 0 && resources.size === 0 && wanted.every((scope) => known.has(scope));
  }
  return wanted.every((each) => {
    const scope = each.toLowerCase();
    if (known.has(scope)) return true;
    return isDefault(scope) && resources.size === 1 && resources.has(resourceOf(scope));
  });
}

/**
 * The same at an OP that keeps to the standard. There one token may have the scopes of several APIs, which any of them could use at
 * the others: none will do that has what is another's. And the case of a scope counts.
 *
 * @param ofApis the scopes of all APIs
 * @see RFC 6749 section 3.3
 */
export function coversAlone(ofApis: ReadonlySet<string>): typeof covers {
  return (granted, wanted) => {
    if (!covers(granted, wanted)) return false;
    const others = granted.filter((scope) => ofApis.has(scope) && !wanted.includes(scope) && !OPENID_SCOPES.has(scope));
    return others.length === 0 && wanted.every((scope) => isDefault(scope) || granted.includes(scope));
  };
}
