import type { Dialect } from './types.ts';

/** Entra's are these, 99 of them; any of another form in a claims request (`cp1`) is none. */
const ENTRA_CONTEXT = /^c[1-9]\d?$/;

type Parameters = Readonly<Record<string, unknown>>;
interface Claim {
  readonly essential?: boolean;
  readonly value?: string;
  readonly values?: readonly string[];
}

/**
 * The authentication contexts that an authorization request asks for: at Entra ID by the claim `acrs` of the ID token, in
 * the standard by `acr_values` or the claim `acr` (OpenID Connect Core 1.0, 3.1.2.1 and 5.5.1.1), the first of several.
 */
export function contextsAsked(dialect: Dialect, parameters: Parameters): readonly string[] {
  if (dialect === 'entra') {
    return valuesOf(claimOf(parameters, 'acrs')).filter((context) => ENTRA_CONTEXT.test(context));
  }
  const wished = typeof parameters.acr_values === 'string' ? parameters.acr_values.split(' ') : [];
  return [...valuesOf(claimOf(parameters, 'acr')), ...wished].slice(0, 1);
}

/** Whether nobody is to be let in without (5.5.1.1): Entra, whose policies decide, lets people in. */
export function isEssential(dialect: Dialect, parameters: Parameters): boolean {
  return dialect === 'standard' && claimOf(parameters, 'acr')?.essential === true;
}

/** Those that a session, a code or a refresh token has met: the library keeps one text. */
export function contextsMet(acr: string | undefined): readonly string[] {
  return acr ? acr.split(' ') : [];
}

/** Of the ID token, or of the access token, for which an API has asked. */
function claimOf({ claims }: Parameters, name: string): Claim | undefined {
  try {
    const { id_token: idToken, access_token: accessToken } = JSON.parse(String(claims));
    return idToken?.[name] ?? accessToken?.[name];
  } catch {
    return undefined;
  }
}

function valuesOf({ value, values = [] }: Claim = {}): readonly string[] {
  return value === undefined ? values : [value];
}
