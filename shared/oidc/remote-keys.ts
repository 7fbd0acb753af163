import { createRemoteJWKSet, customFetch, type FetchImplementation, type JWTVerifyGetKey } from 'jose';
import { boundedText } from './bounded-text.ts';

const JWKS_DEADLINE_MILLISECONDS = 5_000;
/** An unknown key id asks the OP for its keys again, at most this often: rotation is met at once, a flood of forgeries is not passed on. */
const JWKS_COOLDOWN_MILLISECONDS = 1_000;

/** The OP's signing keys, fetched when first needed and again when a token names an unknown one. */
export function remoteKeys(jwksUri: string, fetchIt: typeof fetch = fetch): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: JWKS_DEADLINE_MILLISECONDS,
    cooldownDuration: JWKS_COOLDOWN_MILLISECONDS,
    [customFetch]: boundedKeys(fetchIt),
  });
}

/** jose reads an answer of 200 to its end, however long that takes it: here it gets one that has been read. */
function boundedKeys(fetchIt: typeof fetch): FetchImplementation {
  return async (url, options) => {
    const response = await fetchIt(url, options);
    if (response.status !== 200) return response;
    const text = await boundedText(response);
    if (text === null) throw new RangeError("the OP's keys are too large");
    return new Response(text);
  };
}
