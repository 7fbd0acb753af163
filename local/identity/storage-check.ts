import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { bearerToken } from '../api/bearer.ts';

const AUDIENCE = 'https://storage.azure.com';

export interface StorageCheckOptions {
  readonly jwksUrl: string;
  /** Of tokens for Azure's services. */
  readonly issuer: string;
  /** Object ids of the principals that have the data role at this storage account. */
  readonly roles: ReadonlySet<string>;
}

/** Why the storage service does not do what it is asked: its status and its code. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly code: string;
  readonly detail: string;
}

/** @param query of the address: a shared access signature is in it */
export type StorageCheck = (authorization: string | undefined, query: URLSearchParams) => Promise<Refusal | null>;

/** How Azure Storage words what is wrong with a claim. */
const CLAIMS: Readonly<Record<string, string>> = {
  aud: 'Audience validation failed. Audience did not match.',
  exp: 'Lifetime validation failed. The token has no expiration.',
  iss: 'Issuer validation failed. Issuer did not match.',
  nbf: 'Lifetime validation failed. The token is not yet valid.',
};

/**
 * Who may use a storage account of which shared keys are off: a principal by a token that Entra ID has issued for Azure
 * Storage, and to which a role is assigned. 401 is for who nobody knows, 403 for who may not.
 *
 * @see https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory
 */
export function createStorageCheck({ jwksUrl, issuer, roles }: StorageCheckOptions): StorageCheck {
  const keys = createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: 0 });
  return async (authorization, query) => {
    if (query.has('sig') || /^SharedKey/.test(authorization ?? '')) {
      return { status: 403, code: 'KeyBasedAuthenticationNotPermitted', detail: 'Keys are off at this account.' };
    }
    if (authorization === undefined) return { status: 401, code: 'NoAuthenticationInformation', detail: 'No token.' };
    try {
      const { payload } = await jwtVerify(bearerToken(authorization) ?? '', keys, {
        algorithms: ['RS256'],
        audience: [AUDIENCE, `${AUDIENCE}/`],
        issuer,
        requiredClaims: ['exp', 'oid'],
      });
      return roles.has(String(payload.oid))
        ? null
        : { status: 403, code: 'AuthorizationPermissionMismatch', detail: 'The principal has no role here.' };
    } catch (error) {
      return { status: 401, code: 'InvalidAuthenticationInfo', detail: whatIsWrong(error) };
    }
  };
}

function whatIsWrong(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'Lifetime validation failed. The token is expired.';
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIMS[error.claim] ?? 'The token is not valid.';
  return 'Signature validation failed. Signature verification failed.';
}
