/** Whose claims a request may be about: OpenID Connect's own, and Entra ID's access token. */
const MEMBERS = ['userinfo', 'id_token', 'access_token'] as const;
/** Each is asked for at the OP, and all of it goes through an address: what is longer is no claims challenge. */
const CLAIMS_MAX = 20;
const VALUES_MAX = 20;
const ENCODED_CHARACTERS_MAX = 2_048;

/**
 * A claims request: what somebody wants to be in the person's tokens.
 *
 * @see OpenID Connect Core 1.0 section 5.5
 */
export type ClaimsRequest = { readonly [Member in (typeof MEMBERS)[number]]?: RequestedClaims };
export type RequestedClaims = Readonly<Record<string, RequestedClaim | null>>;
export interface RequestedClaim {
  readonly essential?: boolean;
  readonly value?: ClaimValue;
  readonly values?: readonly ClaimValue[];
}
export type ClaimValue = string | number | boolean;

/**
 * Reads the JSON of a claims request. Members that are not understood are left out, as section 5.5 has it; whatever has not the
 * form that it ought to have makes all of it none.
 *
 * @returns null where it is no claims request, asks for nothing, or for more than anybody asks for
 */
export function parseClaimsRequest(json: string): ClaimsRequest | null {
  const content = parsed(json);
  if (!isObject(content)) return null;
  const request: Record<string, RequestedClaims> = {};
  for (const member of MEMBERS) {
    const claims = Object.hasOwn(content, member) ? content[member] : undefined;
    // Section 5.5: `null` asks for nothing.
    if (claims === undefined || claims === null) continue;
    if (!isObject(claims)) return null;
    const named = Object.entries(claims);
    if (named.length === 0) continue;
    if (named.length > CLAIMS_MAX || !named.every(([, claim]) => isRequested(claim))) return null;
    request[member] = Object.fromEntries(named.map(([name, claim]) => [name, understood(claim as RequestedClaim)]));
  }
  if (Object.keys(request).length === 0) return null;
  return encodeURIComponent(claimsJson(request)).length > ENCODED_CHARACTERS_MAX ? null : request;
}

/** As it is sent: one form for one request, so that two that are the same read the same. */
export function claimsJson(request: ClaimsRequest): string {
  return JSON.stringify(request).replace(/[\u007f-\uffff]/g, escaped);
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** What both ask for; where both ask for one claim, it is as the second wants it. */
export function mergeClaimsRequests(first: ClaimsRequest | null, second: ClaimsRequest | null): ClaimsRequest | null {
  if (first === null || second === null) return first ?? second;
  const members = MEMBERS.filter((member) => first[member] ?? second[member]);
  return Object.fromEntries(members.map((member) => [member, { ...first[member], ...second[member] }]));
}

function understood(claim: RequestedClaim | null): RequestedClaim | null {
  if (claim === null) return null;
  const { essential, value, values } = claim;
  return {
    ...(essential !== undefined && { essential }),
    ...(value !== undefined && { value }),
    ...(values !== undefined && { values }),
  };
}

function isRequested(claim: unknown): boolean {
  if (claim === null) return true;
  if (!isObject(claim)) return false;
  const { essential, value, values } = claim;
  return (
    (essential === undefined || typeof essential === 'boolean') &&
    (value === undefined || isValue(value)) &&
    (values === undefined || (Array.isArray(values) && values.length <= VALUES_MAX && values.every(isValue)))
  );
}

const isValue = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
