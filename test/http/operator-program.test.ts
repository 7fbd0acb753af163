import { describe, expect, it } from '@jest/globals';
import { OPERATOR_AUDIENCE, operatorProgram } from '../../local/stage/applications.ts';
import { postToken } from '../local/op/browser.ts';
import { localWorld } from './support/ground.ts';
import { operate, tenantOf } from './support/operator.ts';
import { bringIn } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';

const TENANT = 'c0117050-4444-4d44-8d44-0000000000d4';

const world = localWorld({ OPERATOR_AUDIENCE, OPERATOR_TENANT: TENANT }, { tenantId: TENANT });

describe('at the local OP', () => {
  it('a program with the role ends an account by its own credential, whichever name it has', async () => {
    const program = operatorProgram();
    world.op.register(program);
    const form = { grant_type: 'client_credentials', scope: `${OPERATOR_AUDIENCE}/.default` };
    const token = String((await postToken(world.op, program, form)).body.access_token);
    for (const name of [
      (oid: string) => `users/${oid}`,
      (oid: string) => `accounts/${oid}.${tenantOf(world.op.issuer)}`,
    ]) {
      const { browser, person } = await bringIn(world);
      const answer = await operate(world.app, 'POST', `${name(person.oid)}/signout`, token);
      expect([answer.status, answer.json().sessions]).toEqual([200, 1]);
      expect(await accountRow(world, person, world.app)).toBeUndefined();
      expect((await browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(401);
    }
  });

  it("a person's tokens, each of which the OP has signed, are no operator's", async () => {
    const { person } = await bringIn(world);
    const jwts = world.op.issued.filter((secret) => secret.split('.').length === 3);
    expect(jwts.length).toBeGreaterThan(1);
    for (const token of jwts.slice(-2)) {
      expect((await operate(world.app, 'POST', `users/${person.oid}/signout`, token)).status).toBe(401);
    }
    expect(await accountRow(world, person, world.app)).toBeDefined();
  });
});
