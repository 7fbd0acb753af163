import type { KeyObject } from 'node:crypto';

/** What the application was told by its environment, parsed and checked once: see `parseSettings`. */
export interface Settings {
  /** This application's own origin, e.g. `https://app.contoso.com`: the only source of scheme and host for URLs we make. */
  readonly publicOrigin: string;
  /** Other origins of the same site whose pages may call `/api` and read the session. */
  readonly siblingOrigins: readonly string[];
  /** Null: nothing stands in front that changes `Host`. */
  readonly trustedProxy: ProxySettings | null;
  readonly op: OpSettings;
  readonly tables: PlacesSettings;
  /** For the `endpoint` form; null: the system-assigned identity. */
  readonly tablesManagedIdentityClientId: string | null;
  /** Where sign-outs wait that storage interrupted; null where the host has no storage. */
  readonly retryQueue: QueueSettings | null;
  /** The first seals, all open. */
  readonly sessionKeys: readonly [SessionKey, ...SessionKey[]];
  /** What a sign-out by the application's own button ends, and what one by the OP ends. */
  readonly signoutScope: SignoutScope;
  readonly signoutScopeRemote: SignoutScope;
  /** How the OP is told who leaves. */
  readonly signoutHint: 'login_hint' | 'id_token';
  readonly sessionIdleMinutes: number;
  readonly sessionAbsoluteMinutes: number;
  /** A session in use is confirmed at the OP when that was last done so long ago. */
  readonly sessionRevalidateMinutes: number;
  /** Sessions whose sign-in set out before it count no more, milliseconds since the epoch; null: all count. */
  readonly sessionsNotBefore: number | null;
  readonly downstreamApis: ReadonlyMap<string, DownstreamApi>;
  /** What the built-in page calls this application. */
  readonly applicationName: string;
  /** Whether `/` serves the built-in page. */
  readonly homePage: boolean;
  /** What of the application this function app runs. */
  readonly part: 'all' | 'web' | 'directory';
  readonly doors: DoorSettings;
}

/** What the doors need that are not always open; null: closed. */
export interface DoorSettings {
  readonly backChannel: {
    /** What a logout token may lack. */
    readonly mayLack: readonly ('exp' | 'typ')[];
  };
  readonly operator: OperatorSettings | null;
  readonly directory: DirectorySettings | null;
  readonly securityEvents: SecurityEventsSettings | null;
}

export interface OperatorSettings {
  readonly audience: string;
  /** Null: any that the OP's issuer vouches for, which is then no template. */
  readonly tenant: string | null;
}

export interface DirectorySettings {
  readonly tenant: string;
  /** Without a trailing slash. */
  readonly graphUrl: string;
  /** Null: the application's own client credential. */
  readonly managedIdentityClientId: string | null;
}

export interface SecurityEventsSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** The whole header; null where none was agreed on. */
  readonly authorization: string | null;
  readonly subjects: readonly ('iss_sub' | 'email' | 'complex')[];
}

export type SignoutScope = 'account' | 'session';

/** The OpenID provider (OP) and this application's registration there. */
export interface OpSettings {
  readonly protocol: 'entra' | 'oidc';
  /** Without a trailing slash. */
  readonly authority: string;
  /** Where the discovery document is read. */
  readonly metadataUrl: string;
  readonly clientId: string;
  readonly credential: ClientCredential;
  /** Scopes asked for at sign-in beyond `openid profile offline_access`. */
  readonly scopes: readonly string[];
  readonly responseMode: 'query' | 'form_post';
  /** Whether authorization requests are pushed where the OP takes that. */
  readonly par: 'auto' | 'off';
  /** How far the OP goes when a refresh token is revoked; `off`: none is. */
  readonly revocation: RevocationReach | 'off';
  /** Tenants let in; empty: none where the OP's issuer is a template (`{tenantid}`), else all that it vouches for. */
  readonly tenants: readonly string[];
  /** By which what the OP signs may be signed. */
  readonly signingAlgorithms: readonly string[];
}

/**
 * What dies at the OP with a refresh token that is revoked: that `token`, all that the application has of the OP's `session` (or
 * of the one sign-in), or all that it has of the `account`.
 */
export type RevocationReach = 'token' | 'session' | 'account';

export type ClientCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly privateKeyPem: string; readonly certificatesPem: string }
  | { readonly kind: 'managed-identity'; readonly managedIdentityClientId: string };

/** One storage account. */
export type TablesSettings =
  | { readonly kind: 'endpoint'; readonly endpoint: string }
  | { readonly kind: 'connection-string'; readonly connectionString: string };

/** The storage accounts among which everything is shared out: nearly always one. */
export interface PlacesSettings {
  /** Where what is new is written, each account named once. */
  readonly written: readonly [TablesSettings, ...TablesSettings[]];
  /** While the application moves: the list that it comes from or goes to. What lies there is read and ended too. Else empty. */
  readonly moving: readonly TablesSettings[];
}

export type QueueSettings =
  /** `managedIdentityClientId` null: the system-assigned identity. */
  | { readonly kind: 'endpoint'; readonly endpoint: string; readonly managedIdentityClientId: string | null }
  | { readonly kind: 'connection-string'; readonly connectionString: string };

export interface SessionKey {
  readonly kid: string;
  /** 32 bytes. */
  readonly key: KeyObject;
}

export interface ProxySettings {
  /** Lower case. */
  readonly header: string;
  readonly value: string;
}

export interface DownstreamApi {
  readonly name: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Whose token it is sent: the person's, the application's own, or none. */
  readonly token: 'user' | 'application' | 'none';
  /** `none`: it may be called by anybody. */
  readonly session: 'required' | 'none';
  /** What the token is for; none where none is sent. */
  readonly scopes: readonly string[];
  readonly allow: readonly AllowedRoute[];
  /** How long it may keep silent: before its answer begins, and within it. */
  readonly timeoutSeconds: number;
  /** The longest body of a request. */
  readonly requestBytesMax: number;
  /** What may travel to it and back besides the usual headers, in lower case. */
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
  /** Origins to which it may send the browser on, without a token. */
  readonly redirectOrigins: readonly string[];
  /** What opens GET and HEAD beside the header `x-csrf`; nothing where it is not set. */
  readonly safeMethods?: 'same-origin' | 'same-origin-and-downloads';
  /** What some of its routes ask for beyond a session. */
  readonly stepUp: readonly StepUpRule[];
}

/** What a sign-in is asked to prove beyond who it is. */
export interface StepUp {
  /** Authentication contexts (`acrs` at Entra ID, `acr` elsewhere), all of them. */
  readonly acrs: readonly string[];
  /** How long ago the person may have proved who they are; null: any time. */
  readonly maxAgeSeconds: number | null;
}

export interface StepUpRule extends StepUp {
  readonly routes: readonly AllowedRoute[];
}

/** A route a browser may call: `GET /me`, `GET /me/**`, `* /echo`; `*` stands for one segment, a final `**` for any number of them. */
export interface AllowedRoute {
  /** An upper-case method, or `*` for all. */
  readonly method: string;
  /** Begins with `/`. */
  readonly pattern: string;
}
