import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { createOp, type Op } from '../../../local/op/op.ts';
import { OPERATOR_AUDIENCE, operatorProgram } from '../../../local/stage/applications.ts';
import { postToken, testApplication } from './browser.ts';

const contoso = testApplication('contoso');
const program = operatorProgram();
let op: Op;
beforeEach(async () => {
  op = await createOp({ applications: [contoso, program] });
  await op.listen(0);
});
afterEach(() => op.close());

const ask = (application = program, scope = `${OPERATOR_AUDIENCE}/.default`) =>
  postToken(op, application, { grant_type: 'client_credentials', scope });

describe('a program with app roles', () => {
  it('gets an access token of its own with them, in the form of Entra ID', async () => {
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('refresh_token');
    expect(body).not.toHaveProperty('id_token');
    const { jwks_uri } = (await (await fetch(op.metadataUrl)).json()) as { jwks_uri: string };
    const { payload, protectedHeader } = await jwtVerify(
      String(body.access_token),
      createRemoteJWKSet(new URL(jwks_uri)),
      { issuer: op.issuer, audience: OPERATOR_AUDIENCE },
    );
    expect(protectedHeader.typ).toBe('JWT');
    expect(payload).toMatchObject({ azp: program.clientId, azpacr: '1', idtyp: 'app', ver: '2.0' });
    expect(payload.roles).toEqual(['Exeunt.Operator']);
    for (const claim of ['scp', 'oid', 'sid', 'nonce']) expect(payload).not.toHaveProperty(claim);
  });

  it('gets none for another API', async () => {
    expect(await ask(program, 'api://graph/.default')).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client' },
    });
  });

  it('gets none with a wrong secret', async () => {
    expect((await ask({ ...program, clientSecret: 'wrong' })).body.error).toBe('invalid_client');
  });
});

it('an application that signs people in gets no access token of its own', async () => {
  const { status, body } = await ask(contoso, 'api://graph/.default');
  expect(status).toBe(400);
  expect(body).not.toHaveProperty('access_token');
});
