/** An application as it is registered with the local OpenID provider: what Entra's application object holds. */
export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
  /** With these it proves itself by a key of its own (`private_key_jwt`), and by no secret. */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
  /** With these it proves itself by somebody else's tokens, such as a managed identity's, and by nothing of its own. */
  readonly federatedCredentials?: readonly FederatedCredential[];
  /** Shown on the pages and given in events. */
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** Entra's `web.logoutUrl`; without it the application is never told of a sign-out. */
  readonly frontchannelLogoutUri?: string;
  /** Where it is told server to server (Back-Channel Logout 1.0, 2.2), which Entra ID knows nothing of. */
  readonly backchannelLogoutUri?: string;
  /** The scopes that are consented for everyone, in full: `api://graph/User.Read`. */
  readonly apiScopes: readonly string[];
  /** Those that each person is asked for, when the application first asks. */
  readonly personalScopes?: readonly string[];
  /** What it may do as itself: at one resource (`api://exeunt/Exeunt.Operator`), or at any (`User.Read.All`); without one it gets no token of its own. */
  readonly appRoles?: readonly string[];
}

/** Whose tokens stand for an application: Entra's `federatedIdentityCredential`, of which each value is compared as it is. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

export type AuthMethod = 'client_secret_post' | 'client_secret_basic' | 'private_key_jwt';

/** A request at the revocation endpoint. */
export interface Revocation {
  readonly token: string;
  /** `token_type_hint` (RFC 7009, 2.1). */
  readonly hint: string | null;
  /** Whether a test had it fail. */
  readonly failed: boolean;
}

/** A test user. `oid` is a GUID, as Entra's; `upn` is what `login_hint` usually carries. */
export interface User {
  readonly oid: string;
  readonly name: string;
  readonly upn: string;
  /** Of a guest: who they are at home, which the `homeAccountId` is made of, and not of `oid`. */
  readonly home?: { readonly oid: string; readonly tenantId: string };
}

/** Something else on the provider's host, for its index page. */
export interface Link {
  readonly path: string;
  readonly text: string;
}

/**
 * How front-channel logout is called: Entra sends `sid` alone, the standard (Front-Channel Logout 1.0, 3) `iss` and `sid`; and
 * whether there is what Entra has not: a revocation endpoint (RFC 7009), pushed authorization requests (RFC 9126).
 */
export type Dialect = 'entra' | 'standard';

export type Endpoint = 'authorize' | 'par' | 'token' | 'revoke' | 'logout' | 'keys' | 'discovery';

/** What happened, for a person who watches: names only, never a token, a `sid` or a code. */
export interface OpEvent {
  readonly kind:
    | 'signed-in'
    | 'code-redeemed'
    | 'token-refreshed'
    | 'signed-out'
    | 'frontchannel-called'
    | 'backchannel-called'
    | 'failed';
  /** The application's name; for a sign-out the one that asked for it, where it said so. */
  readonly application?: string;
  /** The user's `upn`. */
  readonly user?: string;
  /** Only with `backchannel-called`: what the application answered. */
  readonly status?: number;
  /** Only with `failed`: what broke inside the provider. */
  readonly detail?: string;
}
