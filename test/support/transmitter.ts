import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, SignJWT } from 'jose';
import type { Transmitter } from '../../shared/security-events/security-event-token.ts';
import { generateSigningKey, type SigningKey } from './signing-op.ts';

export const TRANSMITTER_ISSUER = 'https://events.example';
export const TRANSMITTER_AUDIENCE = 'https://app.example';

export const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
export const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
export const SSF = 'https://schemas.openid.net/secevent/ssf/event-type/';

/** A SET's claims; an undefined one is left out. */
export type SetClaims = Readonly<Record<string, unknown>>;

/** The claims of a good SET about an event, as the Shared Signals Framework has it, with these over them. */
export function setClaims(now: number, type: string, changes: SetClaims = {}, payload: SetClaims = {}): SetClaims {
  return {
    iss: TRANSMITTER_ISSUER,
    aud: TRANSMITTER_AUDIENCE,
    iat: Math.floor(now / 1_000),
    jti: randomUUID(),
    events: { [type]: payload },
    ...changes,
  };
}

/** Signs whatever claims there are, under a header that a SET has and these changes; an undefined member is left out. */
export function signSet(claims: SetClaims, key: SigningKey, header: Record<string, unknown> = {}): Promise<string> {
  const whole = JSON.parse(JSON.stringify({ alg: key.alg, kid: key.kid, typ: 'secevent+jwt', ...header }));
  return new SignJWT(claims as JWTPayload).setProtectedHeader(whole).sign(key.privateKey);
}

/** A transmitter whose keys are at hand. */
export async function testTransmitter(changes: Partial<Transmitter> = {}): Promise<{
  readonly transmitter: Transmitter;
  readonly key: SigningKey;
}> {
  const key = await generateSigningKey('transmitter-1');
  const transmitter: Transmitter = {
    issuer: TRANSMITTER_ISSUER,
    audience: TRANSMITTER_AUDIENCE,
    jwksUrl: `${TRANSMITTER_ISSUER}/keys`,
    authorization: null,
    subjects: ['iss_sub', 'email', 'complex'],
    keys: createLocalJWKSet({ keys: [key.jwk] } as unknown as JSONWebKeySet),
    ...changes,
  };
  return { transmitter, key };
}
