import { randomBytes } from 'node:crypto';
import type { SIGN_IN_PROBLEMS } from '../../../../shared/http/problems/sign-in.ts';
import { Browser, locationOf } from '../browser.ts';
import { forgeAttempt, keyringOf } from '../forge.ts';
import { arrive, callBack, throughOp, withParameters } from '../sign-in.ts';
import { ask, MARKER, type Provocation, type Provoked, type Scene } from './scene.ts';

const TEN_MINUTES_MILLISECONDS = 10 * 60_000;

type Changes = Readonly<Record<string, string | null>>;

const pathOf = (url: string): string => new URL(url).pathname + new URL(url).search;

/** Somebody comes back from the OP, with other parameters than it sent. */
const comeBackWith =
  (changes: Changes): Provocation =>
  async ({ world, app }) => {
    const { browser, callback } = await arrive(world, world.newPerson(), app);
    return ask(app, pathOf(withParameters(callback, changes)), { browser });
  };

/** The OP reports an error. */
const comeBackRefused = (error: string): Provocation =>
  comeBackWith({ code: null, error, error_description: `AADSTS1: ${MARKER}` });

/** The OP's token endpoint does not give the tokens. */
const failToRedeem =
  (error: string, status: number): Provocation =>
  (scene) => {
    scene.world.op.failNext('token', error, status);
    return comeBackWith({})(scene);
  };

/** The scripted OP gives tokens that are told to it before. */
async function comeBackScripted({ op, scripted }: Scene, query = ''): Promise<Provoked> {
  const browser = new Browser();
  const setOut = await browser.navigate(`${scripted.origin}/auth/signin${query}`);
  const request = locationOf(setOut);
  if (request === null) throw new Error(`did not set out: ${setOut.status}`);
  op.expect(request.href);
  const parameters = new URLSearchParams({ code: MARKER, state: request.searchParams.get('state') ?? '' });
  return ask(scripted, `/auth/callback?${parameters}`, { browser });
}

/** Signs the person out by the front channel while the code of that callback is redeemed. */
async function signOutMeanwhile<Result>({ world, app }: Scene, callback: string, visit: () => Promise<Result>) {
  const hold = world.op.holdNext('token');
  const visiting = visit();
  await hold.arrived;
  await ask(app, `/auth/signout-callback?sid=${new URL(callback).searchParams.get('session_state')}`);
  hold.release();
  return visiting;
}

export const SIGN_IN_PROVOCATIONS: Record<keyof typeof SIGN_IN_PROBLEMS, Provocation> = {
  return_to_invalid: ({ app }) => ask(app, `/auth/signin?returnTo=https://${MARKER}.example/`),
  signin_parameter_invalid: ({ app }) => ask(app, `/auth/signin?prompt=${MARKER}`),
  callback_malformed: ({ app }) => ask(app, `/auth/callback?code=${MARKER}`),
  cookies_blocked: ({ app }) => ask(app, `/auth/callback?code=${MARKER}&state=${MARKER}`),
  state_unknown: comeBackWith({ state: MARKER }),
  attempt_expired: async ({ world, app }) => {
    const { browser, callback } = await arrive(world, world.newPerson(), app);
    const startedAt = Date.now() - TEN_MINUTES_MILLISECONDS;
    forgeAttempt(keyringOf(world.sessionKeys, app.clientId), browser, app.origin, callback, { startedAt });
    return ask(app, pathOf(callback), { browser });
  },
  attempt_used: async ({ world, app }) => {
    const { browser, callback } = await arrive(world, world.newPerson(), app);
    await callBack(browser.copy(), callback);
    return ask(app, pathOf(callback), { browser });
  },
  issuer_mismatch: comeBackWith({ iss: `https://${MARKER}.example` }),
  access_denied: comeBackRefused('access_denied'),
  interaction_required: comeBackRefused('login_required'),
  op_error: comeBackRefused('server_error'),
  op_refused: failToRedeem('invalid_client', 401),
  op_unavailable: failToRedeem('temporarily_unavailable', 503),
  code_rejected: comeBackWith({ code: MARKER }),
  id_token_rejected: (scene) => {
    scene.op.idToken = (good) => scene.op.signAsStranger({ ...good, name: MARKER });
    return comeBackScripted(scene);
  },
  step_up_unmet: (scene) => {
    scene.op.idToken = (good) => scene.op.sign({ ...good, name: MARKER });
    return comeBackScripted(scene, '?maxAge=300');
  },
  tokens_too_large: (scene) => {
    scene.op.idToken = (good) => scene.op.sign(good);
    scene.op.tokenResponse = { refresh_token: MARKER + randomBytes(70_000).toString('base64') };
    return comeBackScripted(scene);
  },
  signed_out_meanwhile: async (scene) => {
    const { world, app } = scene;
    const { browser, person, callback } = await arrive(world, world.newPerson(), app);
    const sentAgain = await signOutMeanwhile(scene, callback, () => callBack(browser, callback));
    const second = await throughOp(browser, app, person, sentAgain);
    return signOutMeanwhile(scene, second, () => ask(app, pathOf(second), { browser }));
  },
};
