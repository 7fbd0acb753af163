import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { EntraCode } from './errors.ts';
import { TOKEN_EXCHANGE, TOKEN_EXCHANGE_ID } from './identity-token.ts';
import { publicJwks } from './keys.ts';
import type { OpContext, OpState } from './state.ts';
import type { Application, FederatedCredential } from './types.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const NO_CREDENTIAL: EntraCode = {
  code: 7000218,
  text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
};
const NOT_A_JWT: EntraCode = { code: 50027, text: 'JWT token is invalid or malformed.' };
const SIGNATURE: EntraCode = { code: 700027, text: 'Client assertion failed signature validation.' };
const TIMES: EntraCode = { code: 700024, text: 'Client assertion is not within its valid time range.' };
const unmatched = (code: number, what: string): EntraCode => ({
  code,
  text: `No matching federated identity record found for presented assertion ${what}.`,
});
const ISSUER = unmatched(700211, 'issuer');
const AUDIENCE = unmatched(700212, 'audience');
const SUBJECT = unmatched(700213, 'subject');

/**
 * Checks the assertion of an application that has federated credentials: a token of somebody else's, which says who that is,
 * and not that it is the application. The library takes only assertions that an application has signed itself (`iss` is the
 * client id), so that one that is good is replaced by what it registered the application with, which leaves this provider
 * nowhere.
 *
 * @returns what is wrong; null where nothing is, and for every other application
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 * @see RFC 7523 section 3, RFC 7521 section 4.2
 */
export async function proveByFederation(
  state: OpState,
  ctx: OpContext,
  form: URLSearchParams,
  { federatedCredentials, clientSecret }: Application,
): Promise<EntraCode | null> {
  if (federatedCredentials === undefined) return null;
  const assertion = form.get('client_assertion');
  // It has no secret, whatever the library needs of one.
  if (form.has('client_secret') || ctx.get('authorization') !== '') return NO_CREDENTIAL;
  if (assertion === null || form.get('client_assertion_type') !== ASSERTION_TYPE) return NO_CREDENTIAL;
  const wrong = await wrongWith(assertion, federatedCredentials, state);
  if (wrong !== null) return wrong;
  form.delete('client_assertion');
  form.delete('client_assertion_type');
  form.set('client_secret', clientSecret);
  return null;
}

async function wrongWith(
  assertion: string,
  credentials: readonly FederatedCredential[],
  state: OpState,
): Promise<EntraCode | null> {
  const claims = claimsOf(assertion);
  if (claims === null) return NOT_A_JWT;
  const ofIssuer = credentials.filter(({ issuer }) => issuer === claims.iss);
  if (ofIssuer.length === 0) return ISSUER;
  const ofSubject = ofIssuer.filter(({ subject }) => subject === claims.sub);
  if (ofSubject.length === 0) return SUBJECT;
  const audience = claims.aud === TOKEN_EXCHANGE_ID ? TOKEN_EXCHANGE : claims.aud;
  if (!ofSubject.some((credential) => credential.audience === audience)) return AUDIENCE;
  try {
    // The issuer whose keys are known here is the provider itself: it issues the tokens of managed identities too.
    const keys = createLocalJWKSet(publicJwks(state.keys));
    await jwtVerify(assertion, keys, { algorithms: ['RS256'], requiredClaims: ['exp'] });
    return null;
  } catch (error) {
    const isOfTimes = error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed;
    return isOfTimes ? TIMES : SIGNATURE;
  }
}

function claimsOf(assertion: string): JWTPayload | null {
  try {
    return decodeJwt(assertion);
  } catch {
    return null;
  }
}
