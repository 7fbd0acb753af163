import { pairwiseSub } from '../../../local/op/users.ts';
import { type JsonServer, startJsonServer } from '../../support/json-server.ts';
import { generateSigningKey, JWKS_PATH, publishKeys, type SigningKey } from '../../support/signing-op.ts';
import {
  type SetClaims,
  setClaims,
  signSet,
  TRANSMITTER_AUDIENCE,
  TRANSMITTER_ISSUER,
} from '../../support/transmitter.ts';
import { duringTests } from './ground.ts';
import type { Arrived } from './sign-in.ts';
import { type Answer, send } from './wire.ts';
import type { RunningApp, World } from './world.ts';

export const AUTHORIZATION = 'Bearer the-value-that-was-agreed-on';

/** A transmitter of security events, of which a test writes every word. */
export interface ScriptedTransmitter {
  readonly key: SigningKey;
  /** Publishes its keys. */
  readonly server: JsonServer;
  /** What an application believes it by. */
  readonly settings: Readonly<Record<string, string>>;
  /** A SET about an event, of now. */
  make(type: string, subject: unknown, payload?: SetClaims, changes?: SetClaims): Promise<string>;
  close(): Promise<void>;
}

/** Starts one on a free port, with one key. */
export async function startTransmitter(): Promise<ScriptedTransmitter> {
  const [server, key] = await Promise.all([startJsonServer(), generateSigningKey('transmitter-1')]);
  publishKeys(server, key);
  return {
    key,
    server,
    settings: {
      SECURITY_EVENTS_ISSUER: TRANSMITTER_ISSUER,
      SECURITY_EVENTS_AUDIENCE: TRANSMITTER_AUDIENCE,
      SECURITY_EVENTS_JWKS_URL: `${server.origin}${JWKS_PATH}`,
    },
    make: (type, sub_id, payload = {}, changes = {}) =>
      signSet(setClaims(Date.now(), type, { sub_id, ...changes }, payload), key),
    close: () => server.close(),
  };
}

/** One during the tests of a file. */
export const localTransmitter = (): ScriptedTransmitter => duringTests(startTransmitter, ({ close }) => close());

/** Delivers a SET as a transmitter does (RFC 8935 section 2.1), with other headers if need be. */
export function deliver(
  { origin }: Pick<RunningApp, 'origin'>,
  set: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const usual = {
    'content-type': 'application/secevent+jwt',
    accept: 'application/json',
    authorization: AUTHORIZATION,
  };
  return send(`${origin}/events/security`, { method: 'POST', headers: { ...usual, ...headers }, body: set });
}

/** A person as the OP names them to an application. */
export function subjectOf(
  { op }: Pick<World, 'op'>,
  { person }: Pick<Arrived, 'person'>,
  { clientId }: Pick<RunningApp, 'clientId'>,
): { format: string; iss: string; sub: string } {
  return { format: 'iss_sub', iss: op.issuer, sub: pairwiseSub(person.oid, clientId) };
}
