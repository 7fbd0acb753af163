import { randomUUID } from 'node:crypto';
import { operatorTriggers } from '../../../functions/doors/operator.ts';
import { indexKey } from '../../../shared/account/index-key.ts';
import { OP_METADATA, testApplication } from '../../support/application.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, CLIENT_ID } from '../../support/store.ts';
import type { DoorUnderAttack, TokenScene } from '../support/door.ts';
import { raiseGround, type Sent } from '../support/ground.ts';
import { operatorClasses } from '../support/operator-classes.ts';
import { tokenSiege } from '../support/token-siege.ts';

const AUDIENCE = 'api://exeunt-operators';
const HOME_ACCOUNT_ID = 'alice.contoso';
const OBJECT_ID = 'a11ce000-1111-4a11-8a11-0000000000a1';
const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const issuerOf = (tenant: string): string => `https://op.example/${tenant}/v2.0`;

interface OperatorScene {
  /** As discovery gives it. */
  readonly issuer: string;
  /** Where that is a template: the tenant of the operators. */
  readonly tenant: string | null;
}

/** Somebody signed in, found by account and by object id, and an operator's token as Entra ID makes them. */
async function raise({ issuer, tenant }: OperatorScene): Promise<TokenScene> {
  const { doors } = testApplication().application.settings;
  const ground = raiseGround({ doors: { ...doors, operator: { audience: AUDIENCE, tenant } } });
  const { store, script } = ground;
  script.metadata = { ...OP_METADATA, issuer };
  const index = indexKey(CLIENT_ID, issuer, { kind: 'oid', value: OBJECT_ID });
  const enter = () => signIn(store, { indexes: [index] });
  await enter();
  const iss = tenant === null ? issuer : issuerOf(tenant);
  return {
    ground,
    victim: {
      good() {
        const iat = Math.floor(store.ambient.now() / 1_000);
        const times = { iat, nbf: iat, exp: iat + 600, jti: randomUUID() };
        const client = { azp: 'command-line-tool', azpacr: '1', roles: ['Exeunt.Operator'] };
        const operatorIs = { sub: 'subject-of-the-operator', oid: 'object-id-of-the-operator', tid: tenant ?? TENANT };
        return { header: { typ: 'JWT' }, claims: { iss, aud: AUDIENCE, ...times, ...operatorIs, ...client } };
      },
      stands: () => accountProperties(store, ALICE) !== null,
      async signInAgain() {
        await enter();
      },
      names: [HOME_ACCOUNT_ID, OBJECT_ID, ALICE],
    },
  };
}

interface OperatorRoute {
  readonly method: 'GET' | 'POST';
  readonly by: 'account' | 'user';
}

function doorOf({ method, by }: OperatorRoute, scene: OperatorScene): DoorUnderAttack {
  const path = by === 'account' ? `/operator/accounts/${HOME_ACCOUNT_ID}` : `/operator/users/${OBJECT_ID}`;
  const with_ = (verb: string, token: string): Sent => ({
    method: verb,
    target: verb === 'POST' ? `${path}/signout` : path,
    headers: { authorization: `Bearer ${token}` },
    body: null,
  });
  const wrap = (token: string): Sent => with_(method, token);
  return {
    name: `operator, ${method} by ${by}${scene.tenant === null ? '' : ', at an OP of many tenants'}`,
    raise: () => raise(scene),
    ask(ground, sent) {
      const name = `operator-${by}${sent.method === 'POST' ? ('-signout' as const) : ''}` as const;
      return ground.answer(operatorTriggers[name], sent);
    },
    wrap,
    end: (token) => with_('POST', token),
    accepted: 200,
    refused: 401,
    typs: ['jwt', 'at+jwt'],
    mayLackExp: false,
    foreignIssuers:
      scene.tenant === null
        ? ['https://op.example', 'https://sts.windows.net/contoso/', 'https://op.example.evil.example/v2.0']
        : [
            issuerOf('11111111-2222-3333-4444-555555555555'),
            issuerOf('{tenantid}'),
            issuerOf('common'),
            issuerOf(''),
            `https://evil.example/${TENANT}/v2.0`,
          ],
    envelopes: {},
    notApplicable: {
      'duplicate parameters': 'a token is taken from no parameter; several headers are a class of their own',
      'wrong content type': 'no body is read',
      'form with both': 'a token is taken from no form; one in a form alone is in a class of its own',
      replayed: 'a bearer token may be used as often as it is good, and ends whoever is signed in when it comes',
    },
    ownClasses: operatorClasses({ wrap, path: wrap('').target, segment: path.split('/').at(-1) ?? '', method, by }),
  };
}

const ONE_TENANT: OperatorScene = { issuer: OP_METADATA.issuer, tenant: null };
const MANY_TENANTS: OperatorScene = { issuer: issuerOf('{tenantid}'), tenant: TENANT };

export const operatorSieges = [
  doorOf({ method: 'POST', by: 'account' }, ONE_TENANT),
  doorOf({ method: 'GET', by: 'account' }, ONE_TENANT),
  doorOf({ method: 'POST', by: 'user' }, ONE_TENANT),
  doorOf({ method: 'GET', by: 'user' }, ONE_TENANT),
  doorOf({ method: 'POST', by: 'account' }, MANY_TENANTS),
].map(tokenSiege);
