import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import { issuerOf, type OpState } from './state.ts';

/** A managed identity in this tenant: Entra ID issues its tokens, and the platform hands them out. */
export interface Principal {
  readonly clientId: string;
  readonly principalId: string;
}

export interface IdentityTokenWishes {
  readonly resource: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** Over the usual ones; an undefined one is left out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Another key than the provider's. */
  readonly key?: JWK;
}

/** What federated credentials of applications name as their audience. */
export const TOKEN_EXCHANGE = 'api://AzureADTokenExchange';
/**
 * The same in tokens of the newer version, in which an audience is an application's id. (Seen in tokens that people have shown;
 * the documents have the name alone, which is also what a federated credential has to have.)
 */
export const TOKEN_EXCHANGE_ID = 'fb60f99c-7a34-4190-8149-302f77469936';

/** The issuer of tokens of the older version, which Azure's services take. */
export function servicesIssuerOf({ origin, tenantId }: OpState): string {
  return `${origin}/${tenantId}/`;
}

/**
 * A managed identity's token: `sub` and `oid` are its object id, and the client id is in `appid` or `azp`.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export async function makeIdentityToken(
  state: OpState,
  { clientId, principalId }: Principal,
  { resource, expiresAt, claims, key = state.keys[0] }: IdentityTokenWishes,
): Promise<string> {
  if (!key?.kid) throw new Error('The local OpenID provider has no signing key.');
  const issuedAt = Math.floor(Date.now() / 1_000);
  const usual = { sub: principalId, oid: principalId, tid: state.tenantId, idtyp: 'app' };
  const versioned =
    resource === TOKEN_EXCHANGE
      ? { aud: TOKEN_EXCHANGE_ID, iss: issuerOf(state), azp: clientId, azpacr: '2', ver: '2.0' }
      : { aud: resource, iss: servicesIssuerOf(state), appid: clientId, appidacr: '2', ver: '1.0' };
  const times = { iat: issuedAt, nbf: issuedAt, exp: expiresAt };
  const token = await new SignJWT({ ...usual, ...versioned, ...times, uti: randomUUID(), ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .sign(await importJWK(key, 'RS256'));
  state.record(token);
  return token;
}
