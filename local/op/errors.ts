import { randomUUID } from 'node:crypto';

/**
 * Entra's error codes for OAuth's, and the text that goes with each.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const AADSTS: Readonly<Record<string, readonly [code: number, text: string]>> = {
  access_denied: [65004, 'User declined to consent to access the app.'],
  account_selection_required: [
    16000,
    'Either multiple user identities are available or the selected account is not supported.',
  ],
  consent_required: [65001, 'The user or administrator has not consented to use the application.'],
  interaction_required: [50079, 'The user must interact with the sign-in page.'],
  invalid_client: [7000215, 'Invalid client secret provided.'],
  invalid_grant: [70000, 'The provided authorization code or refresh token is invalid, expired or already used.'],
  invalid_redirect_uri: [50011, 'The redirect URI does not match the redirect URIs configured for the application.'],
  invalid_request: [900144, 'The request is malformed: a parameter is missing or not valid.'],
  invalid_scope: [70011, 'The provided value for scope is not valid for this application.'],
  invalid_target: [500011, 'The resource was not found in the tenant.'],
  login_required: [50058, 'A silent sign-in request was sent but no user is signed in.'],
  temporarily_unavailable: [90033, 'A transient error has occurred. Please try again.'],
  unsupported_grant_type: [70003, 'The app returned an unsupported grant type.'],
  unsupported_response_type: [700051, 'The response type is not enabled for the application.'],
  unauthorized_client: [700016, 'The application was not found in the directory.'],
};

/** Codes that OAuth's error alone does not tell. */
export const REVOKED_GRANT: EntraCode = {
  code: 50173,
  text: 'The provided grant has expired due to it being revoked.',
};
export const SEVERAL_RESOURCES: EntraCode = { code: 28000, text: 'The scope contains more than one resource.' };
export const NO_CONSENT: EntraCode = {
  code: 65001,
  text: 'The user or administrator has not consented to use the application.',
  suberror: 'consent_required',
};
export const CLAIMS_WANTED: EntraCode = {
  code: 50076,
  text: 'Due to a configuration change, you must use multi-factor authentication to access the resource.',
  suberror: 'basic_action',
};
export const NO_ROLE: EntraCode = { code: 501051, text: 'The application has no role at this resource.' };
export const UNKNOWN_TENANT: EntraCode = { code: 90002, text: 'The tenant was not found.' };

export interface EntraCode {
  readonly code: number;
  readonly text: string;
  /** What a client tells cases apart by that have one OAuth error. */
  readonly suberror?: string;
}

/** Entra's code and text for an OAuth error; `AADSTS90033`, transient, for one that it has no code for. */
export function entraCodeOf(error: string): EntraCode {
  const [code, text] = AADSTS[error] ?? [90033, 'A transient error has occurred. Please try again.'];
  return { code, text };
}

/** The one-line form that goes into `error_description`. */
export function describe({ code, text }: EntraCode): string {
  return `AADSTS${code}: ${text}`;
}

/** The body of an error from the token and the metadata endpoints, as Entra gives it. */
export function entraErrorBody(error: string, code: EntraCode, now: Date, claims?: string): Record<string, unknown> {
  const traceId = randomUUID();
  const correlationId = randomUUID();
  const timestamp = `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return {
    error,
    error_description: `${describe(code)} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    ...(code.suberror && { suberror: code.suberror }),
    ...(claims && { claims }),
  };
}
