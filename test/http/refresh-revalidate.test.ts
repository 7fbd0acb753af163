import { describe, expect, it } from '@jest/globals';
import { localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { letPass } from './support/let-pass.ts';
import { type Arrived, bringIn } from './support/sign-in.ts';
import { accountRow, sessionIdsIn } from './support/stored.ts';

const MINUTE = 60_000;
/** `SESSION_REVALIDATE_MINUTES` as it is by default. */
const INTERVAL = 60 * MINUTE;

let refreshed: PromiseWithResolvers<void>;
const onEvent = ({ kind }: { readonly kind: string }) => {
  if (kind === 'token-refreshed') refreshed.resolve();
};
const world = localWorld({}, { accessTokenSeconds: 24 * 60 * 60, onEvent });

/** Somebody whose access token lives a day, and who has called the API: the token is in the application's memory. */
async function inUse(): Promise<Arrived> {
  refreshed = Promise.withResolvers();
  const visitor = await bringIn(world);
  expect((await me(visitor)).status).toBe(200);
  return visitor;
}
const me = ({ browser }: Arrived) => browser.fetch(`${world.app.origin}/api/graph/me`, { headers: { 'x-csrf': '1' } });
const later = ({ person }: Arrived, milliseconds: number) => letPass(world, world.app, person, milliseconds);

describe('a user who is revoked at the OP, of which no door hears', () => {
  it('is out at the first call past the interval, though the access token is still good', async () => {
    const visitor = await inUse();
    world.op.revokeUser(visitor.person.oid);
    expect((await me(visitor)).status).toBe(200);
    await later(visitor, INTERVAL);
    const sent = world.api.tokenHashes.length;
    expect(expectProblem(await me(visitor), 401, 'session_required')).toMatchObject({ signInUrl: '/auth/signin' });
    expect(world.api.tokenHashes).toHaveLength(sent);
    expect(await accountRow(world, visitor.person, world.app)).toBeUndefined();
  });

  it('is out soon after a call shortly before it is over: that one was answered at once', async () => {
    const visitor = await inUse();
    world.op.revokeUser(visitor.person.oid);
    await later(visitor, INTERVAL - 3 * MINUTE);
    const ended = world.app.host.lines.length;
    expect((await me(visitor)).status).toBe(200);
    while (!world.app.host.lines.slice(ended).some((line) => line.includes('"session.ended"'))) await me(visitor);
    expectProblem(await me(visitor), 401, 'session_required');
    expect(await accountRow(world, visitor.person, world.app)).toBeUndefined();
  });
});

describe('a session in use', () => {
  it('is confirmed by one redemption when the interval is over, and not again before the next', async () => {
    const visitor = await inUse();
    await later(visitor, INTERVAL);
    const before = world.op.refreshCount;
    for (let calls = 0; calls < 3; calls += 1) expect((await me(visitor)).status).toBe(200);
    expect(world.op.refreshCount).toBe(before + 1);
  });

  it('is answered while the OP is still asked beside it, in the last tenth of the interval', async () => {
    const visitor = await inUse();
    await later(visitor, INTERVAL - 3 * MINUTE);
    const before = world.op.refreshCount;
    const hold = world.op.holdNext('token');
    expect((await me(visitor)).status).toBe(200);
    await hold.arrived;
    expect((await me(visitor)).status).toBe(200);
    expect(world.op.refreshCount).toBe(before);
    hold.release();
    await refreshed.promise;
    expect(world.op.refreshCount).toBe(before + 1);
  });
});

describe('a session that the OP does not confirm', () => {
  it.each([
    ['because it wants the person', 'interaction_required', 400, 401, 'consent_required'],
    ['because it does not answer', 'temporarily_unavailable', 503, 503, 'op_unavailable'],
    ['because it does not take our secret', 'invalid_client', 401, 502, 'op_refused'],
  ] as const)('%s gets nothing, and stays with its refresh token', async (_, error, opStatus, status, code) => {
    const visitor = await inUse();
    await later(visitor, INTERVAL);
    world.op.failNext('token', error, opStatus);
    const sent = world.api.tokenHashes.length;
    const problem = expectProblem(await me(visitor), status, code);
    expect(problem.signInUrl).toBe(code === 'consent_required' ? '/auth/signin?api=graph' : undefined);
    expect(world.api.tokenHashes).toHaveLength(sent);
    expect(sessionIdsIn(await accountRow(world, visitor.person, world.app))).toHaveLength(1);
    expect((await me(visitor)).status).toBe(200);
  });
});
