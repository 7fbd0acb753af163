import { describe, expect, it } from '@jest/globals';
import { indexKey } from '../../shared/account/index-key.ts';
import { FLOOD_BUDGET_SIZES } from '../../shared/signout/flood-budgets.ts';
import { localWorld } from './support/ground.ts';
import { arrive, bringIn, callBack } from './support/sign-in.ts';
import { accountRow, storedRows } from './support/stored.ts';
import { type Answer, send } from './support/wire.ts';

const AT_ONCE = 20;
/** Beyond the budgets for tombstones, within that for messages. */
const BEFORE = 600;
const AFTER = 1_400;

const world = localWorld();

const signOut = (sid: string): Promise<Answer> => send(`${world.app.origin}/auth/signout-callback?sid=${sid}`);
const sids = (from: number, count: number) => Array.from({ length: count }, (_, at) => `unknown-${from + at}`);

/** Asks for all of them, so many at once, and tells them apart by their answers. */
async function flood(unknown: readonly string[]): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const left = [...unknown].reverse();
  const ask = async (): Promise<void> => {
    for (let sid = left.pop(); sid !== undefined; sid = left.pop()) {
      const { status, json } = await signOut(sid);
      answers.set(sid, status === 200 ? 'done' : `${status} ${json().code}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return answers;
}

describe('two thousand unknown sids at one instance, in a row', () => {
  it('cost rows within its budgets, and lose nobody: neither who is signed in nor who is signing in', async () => {
    const before = performance.now();
    const known = await bringIn(world);
    // Of these nothing is stored yet. A budget that fills again may have something left for one or the other.
    const newcomers = [await arrive(world), await arrive(world), await arrive(world), await arrive(world)];

    const answers = await flood([...sids(0, BEFORE), ...newcomers.map(({ sid }) => sid)]);
    expect((await signOut(known.sid)).status).toBe(200);
    expect(await accountRow(world, known.person, world.app)).toBeUndefined();
    const queued = newcomers.find(({ sid }) => answers.get(sid) === '503 signout_queued');
    if (queued === undefined) throw new Error('nobody who is signing in was queued');
    expect((await callBack(queued.browser, queued.callback)).headers.location).toBe('/');
    for (const [sid, answer] of await flood(sids(BEFORE, AFTER))) answers.set(sid, answer);

    const { sids: rows, expiries } = await storedRows(world);
    const minutes = (performance.now() - before) / 60_000;
    const most = ({ burst, perMinute }: { burst: number; perMinute: number }) => burst + minutes * perMinute;
    const { tombstones, reserve } = FLOOD_BUDGET_SIZES;
    const buried = new Set(rows.filter(({ rowKey }) => rowKey === 'tombstone').map(({ partitionKey }) => partitionKey));
    // The known one's beside them.
    expect(buried.size).toBeLessThanOrEqual(most(tombstones) + most(reserve) + 1);
    expect(expiries.filter(({ rowKey }) => rowKey.startsWith('tombstone~')).length).toBe(buried.size);

    // A 200 is true: whoever has got one is buried. And nobody else is.
    const done = [...answers].filter(([, answer]) => answer === 'done').map(([sid]) => sid);
    const indexOf = (value: string) => indexKey(world.app.clientId, world.op.issuer, { kind: 'sid', value });
    expect(buried).toEqual(new Set([...done, known.sid].map(indexOf)));
    expect(new Set(answers.values())).toEqual(new Set(['done', '503 signout_queued', '503 signout_unfinished']));

    // Whom the queue has, it looks for until it finds them.
    await world.app.host.line(/"signout.completed","door":"front-channel",.*"sessions":1,.*"tries":[1-9]/);
    expect(await accountRow(world, queued.person, world.app)).toBeUndefined();
    expect((await queued.browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(401);
  }, 240_000);
});
