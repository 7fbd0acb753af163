import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RAISE_MILLISECONDS, type RunningApp } from '../http/support/world.ts';
import { COUNTED } from './support/counted/counted.ts';
import { type Ground, raiseGround } from './support/ground.ts';
import { linger, rounds } from './support/rounds.ts';
import { titleOf } from './support/storage-request.ts';
import { signedIn } from './support/visitor.ts';

const OTHERS = 4;

let ground: Ground;
/** The same build with more APIs to call. */
let manyApis: RunningApp;
/** With an OP at which refresh tokens are revoked, each by itself. */
let revoking: Ground;
beforeAll(async () => {
  ground = await raiseGround();
  revoking = await raiseGround(
    { AUTH_PROTOCOL: 'oidc', AUTH_REVOCATION: 'token' },
    { dialect: 'standard', revocationReach: 'token' },
  );
  const { graph } = JSON.parse(ground.app.environment.DOWNSTREAM_APIS ?? '');
  const apis = ['graph', 'mail', 'files', 'calendar', 'tasks', 'people'].map((name) => [name, graph]);
  manyApis = await ground.startApp({ DOWNSTREAM_APIS: JSON.stringify(Object.fromEntries(apis)) });
  // The first use of an instance creates the tables.
  for (const app of [ground.app, manyApis]) await signedIn(ground.world, app);
  await signedIn(revoking.world, revoking.app);
}, 2 * RAISE_MILLISECONDS);
afterAll(async () => {
  await ground.stop();
  await revoking.stop();
});

describe.each([
  { where: 'for somebody on one device', devices: 1, others: 0, app: () => ground.app },
  { where: 'for somebody on five devices, beside others', devices: 5, others: OTHERS, app: () => ground.app },
  { where: 'in an application with six APIs', devices: 1, others: 0, app: () => manyApis },
  {
    where: 'where refresh tokens are revoked, on three devices',
    devices: 3,
    others: 0,
    app: () => revoking.app,
    on: () => revoking,
  },
])('$where', ({ devices, others, app, on = () => ground }) => {
  beforeAll(async () => {
    await Promise.all(Array.from({ length: others }, () => signedIn(on().world, app())));
  });

  it.each(COUNTED)('$name takes $rounds round trips and $calls calls', async (counted) => {
    const operation = await counted.prepare({ ground: on(), app: app(), devices });
    const { proxy } = on();
    const before = proxy.requests.length;
    proxy.decide = () => linger;
    await operation();
    proxy.decide = () => undefined;
    const requests = proxy.requests.slice(before);
    const [calls, titles] = [requests.length, requests.map(titleOf)];
    expect({ rounds: rounds(requests), calls, titles }).toEqual({
      rounds: counted.rounds,
      calls: counted.calls,
      titles,
    });
  });
});
