import { randomUUID } from 'node:crypto';
import { type Answer, send } from './wire.ts';

export const OPERATOR_AUDIENCE = '66666666-7777-8888-9999-000000000000';

const seconds = () => Math.floor(Date.now() / 1_000);

/** The claims of an operator's access token, as Entra ID's version 2 has them. */
export function operatorClaims({ issuer }: { readonly issuer: string }): Record<string, unknown> {
  return {
    iss: issuer,
    aud: OPERATOR_AUDIENCE,
    sub: randomUUID(),
    oid: randomUUID(),
    tid: tenantOf(issuer),
    azp: randomUUID(),
    azpacr: '1',
    scp: 'user_impersonation',
    roles: ['Exeunt.Operator'],
    uti: randomUUID(),
    ver: '2.0',
    iat: seconds(),
    nbf: seconds(),
    exp: seconds() + 300,
  };
}

/** The tenant in an issuer of Entra ID's form. */
export const tenantOf = (issuer: string): string => new URL(issuer).pathname.split('/')[1] ?? '';

/** One request at the operator's door, with that token. */
export function operate(
  { origin }: { readonly origin: string },
  method: 'GET' | 'POST',
  path: string,
  token: string,
): Promise<Answer> {
  return send(`${origin}/operator/${path}`, { method, headers: { authorization: `Bearer ${token}` } });
}
