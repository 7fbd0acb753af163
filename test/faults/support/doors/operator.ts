import { OPERATOR_AUDIENCE, operatorProgram } from '../../../../local/stage/applications.ts';
import { operate, tenantOf } from '../../../http/support/operator.ts';
import type { RunningApp } from '../../../http/support/world.ts';
import { postToken } from '../../../local/op/browser.ts';
import type { Ground } from '../ground.ts';
import { oneEach } from '../one-each.ts';
import { signedInByOid, type Visitor } from '../visitor.ts';
import { toldBy } from './sign-outs.ts';

/** An application with that door open, and the token of a program that may use it. */
interface Operated {
  readonly app: RunningApp;
  readonly token: string;
}

/** The others leave no row by object id, and are counted call by call. */
const operated = oneEach(async ({ world, startApp }): Promise<Operated> => {
  const program = operatorProgram();
  world.op.register(program);
  const form = { grant_type: 'client_credentials', scope: `${OPERATOR_AUDIENCE}/.default` };
  const { body } = await postToken(world.op, program, form);
  return { app: await startApp({ OPERATOR_AUDIENCE }), token: String(body.access_token) };
});

const enter = async (ground: Ground) => signedInByOid(ground.world, (await operated(ground)).app);

const byOperator = (name: string, pathOf: (ground: Ground, visitor: Visitor) => string) =>
  toldBy(
    name,
    async (ground, visitor) => {
      const { app, token } = await operated(ground);
      return operate(app, 'POST', `${pathOf(ground, visitor)}/signout`, token);
    },
    { enter },
  );

export const operatorByAccount = byOperator(
  "an operator's sign-out of an account",
  ({ world }, { person }) => `accounts/${person.oid}.${tenantOf(world.op.issuer)}`,
);
export const operatorByObjectId = byOperator(
  "an operator's sign-out by object id",
  (_, { person }) => `users/${person.oid}`,
);
