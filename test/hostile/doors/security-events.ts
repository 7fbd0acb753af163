import { randomUUID } from 'node:crypto';
import { securityEventsTriggers } from '../../../functions/doors/security-events.ts';
import { OP_METADATA } from '../../support/application.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, ISSUER, target } from '../../support/store.ts';
import { CAEP, TRANSMITTER_AUDIENCE, TRANSMITTER_ISSUER } from '../../support/transmitter.ts';
import type { DoorUnderAttack, TokenScene } from '../support/door.ts';
import { raiseGround, type Sent } from '../support/ground.ts';
import { setClasses, staleEvents } from '../support/set-classes.ts';
import { setEnvelopes } from '../support/set-envelopes.ts';
import { DONE_AGAIN_CALLS_MAX } from '../support/siege.ts';
import { tokenSiege } from '../support/token-siege.ts';

const trigger = securityEventsTriggers['security-events'];
const PATH = '/events/security';
const AGREED = 'Bearer what-was-agreed-with-the-transmitter';
const SUB = 'subject-of-alice';
const EMAIL = 'alice@contoso.example';

/** Somebody signed in, found by `sub` and by address, and an event that says that their sessions are revoked. */
async function raise(): Promise<TokenScene> {
  const ground = raiseGround();
  const { store } = ground;
  const enter = () => signIn(store, { indexes: [target('sub', SUB), target('email', EMAIL)] });
  await enter();
  return {
    ground,
    victim: {
      good() {
        const iat = Math.floor(store.ambient.now() / 1_000);
        const sub_id = { format: 'iss_sub', iss: ISSUER, sub: SUB };
        const says = { sub_id, events: { [`${CAEP}session-revoked`]: {} } };
        const claims = { iss: TRANSMITTER_ISSUER, aud: TRANSMITTER_AUDIENCE, iat, jti: randomUUID(), ...says };
        return { header: { typ: 'secevent+jwt' }, claims };
      },
      stands: () => accountProperties(store, ALICE) !== null,
      async signInAgain() {
        await enter();
      },
      names: [SUB, EMAIL, 'alice.contoso', ALICE, AGREED],
    },
  };
}

const wrap = (token: string): Sent => ({
  method: 'POST',
  target: PATH,
  headers: { 'content-type': 'application/secevent+jwt', authorization: AGREED },
  body: token,
});

const door: DoorUnderAttack = {
  name: 'security events',
  raise,
  ask(ground, sent) {
    const transmitter = {
      issuer: TRANSMITTER_ISSUER,
      audience: TRANSMITTER_AUDIENCE,
      jwksUrl: `${TRANSMITTER_ISSUER}/keys`,
      authorization: AGREED,
      // Addresses are not believed, whoever is found by one.
      subjects: ['iss_sub', 'complex'] as const,
      keys: ground.script.keys,
    };
    return ground.answer(trigger, sent, { transmitter });
  },
  wrap,
  accepted: 202,
  refused: 400,
  typs: ['secevent+jwt'],
  mayLackExp: true,
  foreignIssuers: [OP_METADATA.issuer, 'https://events.example.evil.example', 'http://events.example'],
  tokens: staleEvents(),
  // An event of long ago is taken, since a transmitter may deliver late; it ends nothing that began after it.
  statuses: { stale: 202 },
  over: { stale: { keeps: 'accounts', storageCallsMax: DONE_AGAIN_CALLS_MAX } },
  envelopes: setEnvelopes(wrap),
  ownClasses: setClasses(wrap, { email: EMAIL, sub: SUB, issuer: ISSUER, agreed: AGREED }),
};

export const securityEventSieges = [tokenSiege(door)];
