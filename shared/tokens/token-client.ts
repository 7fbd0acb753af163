import type { RevocationReach } from '../settings/settings.ts';

/**
 * The port to the OP's token endpoint and to one session's token cache, which MSAL reads and writes. A cache goes in and
 * comes out as text; where it is kept, and under which ETag, is the caller's business.
 */
export interface TokenClient {
  /** Redeems an authorization code (RFC 6749 section 4.1.3) into a new cache. */
  redeemCode(code: CodeRedemption): Promise<CodeRedeemed | CodeFailure>;
  /** The newest access token of these scopes that the cache holds, fresh or not; null where it holds none. Never any network. */
  fromCache(cache: SessionCache, scopes: readonly string[]): AccessToken | null;
  /**
   * Redeems the refresh token for an access token of these scopes (RFC 6749 section 6).
   *
   * @param claims a claims request, JSON: what somebody wants to be in the token
   */
  refresh(cache: SessionCache, scopes: readonly string[], claims?: string | null): Promise<Refreshed | TokenFailure>;
  /** Gets an access token of the application's own (RFC 6749 section 4.4), which is nobody's and is in no cache. */
  ofApplication(scope: string, claims?: string | null): Promise<ApplicationRedeemed | TokenFailure>;
  /** How far a revocation reaches at the OP; null where nothing is revoked: it cannot, or is not to. */
  readonly revocation: RevocationReach | null;
  /** Revokes the refresh token (RFC 7009). Best effort, and never throws. */
  revoke(cache: SessionCache): Promise<Revoked>;
}

export type Revoked = 'revoked' | 'failed';

export interface CodeRedemption {
  readonly code: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** What the OP was asked for beside the scopes, JSON. */
  readonly claims?: string | null;
}

export interface SessionCache {
  readonly homeAccountId: string;
  readonly serialized: string;
}

export interface CodeRedeemed {
  readonly outcome: 'redeemed';
  readonly cache: SessionCache;
  /** As the OP sent it; not yet checked. */
  readonly idToken: string;
}

/** All times in milliseconds since the epoch. */
export interface AccessToken {
  readonly token: string;
  readonly obtainedAt: number;
  readonly expiresAt: number;
  /** From when on the OP would rather give a new one (`refresh_in`), where it says so. */
  readonly refreshAt?: number;
}

export interface Refreshed {
  readonly outcome: 'refreshed';
  readonly accessToken: AccessToken;
  readonly cache: SessionCache;
}

export interface ApplicationRedeemed {
  readonly outcome: 'redeemed';
  readonly accessToken: AccessToken;
}

/** Of a code: or it was redeemed, and no ID token came with the tokens, or one that is none or not of this attempt (its nonce). */
export type CodeFailure = TokenFailure | { readonly outcome: 'id-token-refused'; readonly reason: string };

export type TokenFailure =
  /** The code or refresh token is dead: revoked, expired, used, or withdrawn. */
  | { readonly outcome: 'grant-dead'; readonly reason: string }
  /** The OP wants the person: consent, a second factor, a claims challenge. The refresh token lives on. */
  | {
      readonly outcome: 'interaction-required';
      readonly reason: string;
      /** What it wants the sign-in to be asked for, JSON, where it says so. */
      readonly claims?: string;
    }
  /** No answer, or one that says to try later. */
  | { readonly outcome: 'op-unavailable'; readonly reason: string }
  /** The OP refuses this application: wrong credential, unknown client, unauthorized scope. */
  | { readonly outcome: 'op-refused'; readonly reason: string };
