import { randomUUID } from 'node:crypto';
import { backChannelTriggers } from '../../../functions/doors/back-channel.ts';
import { indexKey } from '../../../shared/account/index-key.ts';
import { OP_METADATA, testApplication } from '../../support/application.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, CLIENT_ID } from '../../support/store.ts';
import type { DoorUnderAttack, TokenVictim } from '../support/door.ts';
import { formEnvelopes, formOf } from '../support/form-envelopes.ts';
import { raiseGround } from '../support/ground.ts';
import { tokenSiege } from '../support/token-siege.ts';

const PATH = '/auth/backchannel-logout';
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const SID = 'op-session-of-alice';
const SUB = 'subject-of-alice';
const trigger = backChannelTriggers['backchannel-logout'];

interface Scene {
  /** As discovery gives it. */
  readonly issuer: string;
  /** As the token has it. */
  readonly iss?: string;
  readonly tenants?: readonly string[];
  readonly named: 'sid' | 'sub';
  readonly mayLack?: readonly ('exp' | 'typ')[];
}

/** Somebody signed in, whom a token ends by that name; the token is issued at that issuer. */
async function raise({ issuer, iss = issuer, tenants = [], named, mayLack = [] }: Scene) {
  const { op, doors } = testApplication().application.settings;
  const ground = raiseGround({ op: { ...op, tenants }, doors: { ...doors, backChannel: { mayLack } } });
  const { store, script } = ground;
  script.metadata = { ...OP_METADATA, issuer };
  const value = named === 'sid' ? SID : SUB;
  const index = indexKey(CLIENT_ID, issuer, { kind: named, value });
  const enter = () => signIn(store, { sid: SID, indexes: [index] });
  await enter();
  const victim: TokenVictim = {
    good() {
      const iat = Math.floor(store.ambient.now() / 1_000);
      const claims = { iss, aud: CLIENT_ID, iat, exp: iat + 120, jti: randomUUID(), events: { [LOGOUT_EVENT]: {} } };
      return { header: { typ: 'logout+jwt' }, claims: { ...claims, [named]: value } };
    },
    stands: () => accountProperties(store, ALICE) !== null,
    async signInAgain() {
      await enter();
    },
    names: [SID, SUB, 'alice.contoso', ALICE],
  };
  return { ground, victim };
}

const door: Omit<DoorUnderAttack, 'name' | 'raise' | 'foreignIssuers'> = {
  ask: (ground, sent) => ground.answer(trigger, sent),
  wrap: (token) => formOf(PATH, 'logout_token', token),
  accepted: 200,
  refused: 400,
  typs: ['logout+jwt'],
  mayLackExp: false,
  envelopes: formEnvelopes(PATH, 'logout_token'),
};

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const issuerOf = (tenant: string): string => `https://op.example/${tenant}/v2.0`;

export const backChannelSieges = [
  tokenSiege({
    ...door,
    name: 'back-channel',
    raise: () => raise({ issuer: OP_METADATA.issuer, named: 'sid' }),
    foreignIssuers: ['https://op.example', 'https://op.example/V2.0', 'https://op.example.evil.example/v2.0'],
  }),

  tokenSiege({
    ...door,
    name: 'back-channel at an OP of many tenants, by sub',
    raise: () => raise({ issuer: issuerOf('{tenantid}'), iss: issuerOf(TENANT), tenants: [TENANT], named: 'sub' }),
    foreignIssuers: [
      issuerOf('11111111-2222-3333-4444-555555555555'),
      issuerOf('{tenantid}'),
      issuerOf(''),
      issuerOf(`${TENANT}/..`),
      issuerOf('common'),
      'https://op.example/v2.0',
      `https://evil.example/${TENANT}/v2.0`,
    ],
  }),

  tokenSiege({
    ...door,
    name: 'back-channel of an OP that leaves out exp and typ',
    raise: () => raise({ issuer: OP_METADATA.issuer, named: 'sid', mayLack: ['exp', 'typ'] }),
    foreignIssuers: ['https://op.example/v2.0#', 'http://op.example/v2.0'],
    typs: ['logout+jwt', 'jwt'],
    mayLackExp: true,
  }),
];
