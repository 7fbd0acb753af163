import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RAISE_MILLISECONDS, raiseWorld, type World } from '../http/support/world.ts';
import { seededRandom } from '../races/random.ts';
import type { Stage } from './cast.ts';
import { Fleet } from './fleet.ts';
import { Redemptions } from './redemptions.ts';
import { reportOf } from './report.ts';
import { runStorm } from './run.ts';
import type { StormKind } from './storms.ts';
import { Witness } from './witness.ts';

/** Kills of each kind of storm. */
const KILLS = Number(process.env.KILLS ?? 3);
const SEED = Number(process.env.KILLS_SEED ?? 1);
const ONLY = process.env.KILLS_STORM;
const INSTANCES = 3;
const MINUTES_MAX = 60;
const HOUR_SECONDS = 3_600;

const STORMS: readonly StormKind[] = ['sign-out', 'sign-in', 'refresh'];

let world: World;
let stage: Stage;
const reports: string[] = [];
beforeAll(async () => {
  world = await raiseWorld({}, { refreshTokenReuse: 'revoke-family' });
  // Its place is taken by instances that die.
  await world.app.host.stop();
  const redemptions = new Redemptions();
  const fleet = new Fleet(world, seededRandom(SEED));
  stage = { world, fleet, redemptions, witness: new Witness(world) };
  await fleet.start(INSTANCES, redemptions);
}, RAISE_MILLISECONDS);
afterAll(async () => {
  await stage.fleet.stop();
  await world.stop();
  if (process.env.KILLS_REPORT !== undefined) process.stdout.write(`${reports.join('\n')}\n`);
});

describe('an instance killed with everything in its hands', () => {
  it.each(STORMS.filter((storm) => ONLY === undefined || storm === ONLY))(
    'in a %s storm breaks no promise, and keeps nobody out',
    async (kind) => {
      const { fleet, witness, redemptions } = stage;
      world.op.setAccessTokenSeconds(kind === 'refresh' ? 1 : HOUR_SECONDS);
      const before = fleet.kills.length;
      const violations: string[] = [];
      const settling: Promise<void>[] = [];
      for (let seed = SEED; fleet.kills.length < before + KILLS; seed += 1) {
        const again = `KILLS=1 KILLS_STORM=${kind} KILLS_SEED=${seed} npm run kills`;
        const { settled } = await runStorm(stage, kind, seed, (what) => violations.push(`${what} [${again}]`));
        settling.push(settled);
        for (const what of witness.violations) violations.push(`${what} [${again}, or one before]`);
        witness.violations.clear();
      }
      await Promise.all(settling);
      violations.push(...witness.violations, ...redemptions.violations());
      witness.violations.clear();
      reports.push(reportOf(kind, fleet.kills.slice(before), violations));
      expect(violations).toEqual([]);
    },
    MINUTES_MAX * 60_000,
  );

  it('leaves no redemption that another met, and rows that were looked at', () => {
    const { witness, redemptions } = stage;
    reports.push(
      `entities looked at: ${witness.looks}; redemptions: ${redemptions.count}, again after their holder’s death: ${redemptions.repeated}`,
    );
    expect(redemptions.violations()).toEqual([]);
    expect(witness.looks).toBeGreaterThan(0);
  });
});
