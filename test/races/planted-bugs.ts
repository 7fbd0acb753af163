import { CAST, STANDING, scenario } from './scenarios.ts';
import { hearingSignOut } from './sign-outs.ts';
import type { Operation, Scenario } from './world.ts';
import {
  anySessionWillDo,
  createWithSession,
  deleteAnyway,
  indexAfterSession,
  indexCleared,
  mergeWithoutEtag,
  noLease,
  noTombstone,
  noTouch,
  notRead,
  oneIndexRowAnAccount,
  renewalShortens,
  type Spoil,
  selfMadeTombstone,
  shellTouched,
  tokensOverGone,
  tombstoneMovedBack,
  upsert,
  youngTaken,
} from './wrong-storage.ts';

export interface PlantedBug {
  readonly bug: string;
  /** Needs three operations: too many orders to come to it one after the other. */
  readonly byLot?: true;
  readonly scenario: Scenario;
}

const spoiltBy = (spoil: Spoil, roles: readonly (keyof typeof CAST)[], more: Partial<Scenario> = {}): Scenario =>
  scenario(roles, { spoil, ...more });
const atOnce = (spoil: Spoil): Partial<Scenario> => ({ spoilStorage: spoil });

const NO_SID: Scenario['standing'] = [{ account: STANDING[0]?.account ?? fail(), sid: null, startedAfter: 0 }];
function fail(): never {
  throw new RangeError('nobody stands');
}

/** A cookie whose session has ended ends the account all the same. */
function deadCookie(): Scenario {
  const whole = scenario(['front-channel of the session', 'own sign-out']);
  return {
    ...whole,
    operations: (tickets) => {
      const [first, own] = whole.operations(tickets);
      const blind = hearingSignOut(own?.name ?? fail(), 'sid-2', 'account', { door: 'front-channel' });
      return [first ?? fail(), { ...(own ?? fail()), partitions: blind.partitions, run: blind.run }];
    },
  };
}

/** A retry goes by the time at which it runs. */
function retryAsOfNow(): Scenario {
  const whole = scenario(['late retry', 'sign-in']);
  return {
    ...whole,
    operations: (tickets) => {
      const [retry = fail(), signin = fail()] = whole.operations(tickets);
      const asOfNow: Operation = {
        ...retry,
        run: (instance) => {
          const receivedAt = instance.application.store.ambient.now();
          return retry.run({ ...instance, life: { ...instance.life, receivedAt } });
        },
      };
      return [asOfNow, signin];
    },
  };
}

/** The browser's earlier session is left where it is. */
function earlierLeftBehind(): Scenario {
  const whole = scenario(['sign-in instead', 'renewal']);
  return {
    ...whole,
    operations: (tickets) => {
      const [instead = fail(), renewal = fail()] = whole.operations(tickets);
      const plain: Operation = (CAST['sign-in'] as (name: string) => Operation)(instead.name);
      const left: Operation = {
        ...instead,
        run: async (instance) => {
          const { gone: _, ...told } = await plain.run(instance);
          return { ...told, gone: ({ id }) => id === tickets[0]?.sessionId };
        },
      };
      return [left, renewal];
    },
  };
}

/** Issue 4's list: each put in by the test alone, and where it shows. */
const LIST: readonly PlantedBug[] = [
  { bug: 'upsert instead of update', scenario: spoiltBy(upsert, ['refresh', 'front-channel']) },
  {
    bug: 'write-back without ETag',
    scenario: scenario(['refresh', 'front-channel of the session'], atOnce(mergeWithoutEtag)),
  },
  {
    bug: 'session and tokens written by the creating call',
    scenario: scenario(['sign-in', 'front-channel'], { standing: [], spoil: createWithSession }),
  },
  { bug: 'no tombstone', scenario: scenario(['sign-in', 'front-channel'], { standing: [], spoil: noTombstone }) },
  {
    bug: 'no tombstone where an instance over its budget has found nobody',
    scenario: scenario(['sign-in', 'front-channel in a flood'], { standing: [], spoil: noTombstone }),
  },
  { bug: 'no tombstone on own sign-out', scenario: spoiltBy(noTombstone, ['sign-in', 'own sign-out']) },
  {
    bug: 'a tombstone moved back',
    byLot: true,
    scenario: spoiltBy(tombstoneMovedBack, ['sign-in', 'front-channel', 'late retry'], { standing: [] }),
  },
  { bug: 'no touch', scenario: spoiltBy(noTouch, ['sign-in', 'front-channel'], { standing: STANDING.slice(1) }) },
  {
    bug: 'an empty shell touched, not deleted',
    scenario: spoiltBy(shellTouched, ['sign-in', 'front-channel'], { standing: [] }),
  },
  {
    bug: 'index row after the session',
    scenario: spoiltBy(indexAfterSession, ['sign-in', 'front-channel'], { standing: [] }),
  },
  {
    bug: 'one index row an account instead of one a sign-in',
    scenario: scenario(['sign-in', 'front-channel of the session'], atOnce(oneIndexRowAnAccount)),
  },
  {
    bug: 'clean-up of rows that were not listed, or of younger ones',
    byLot: true,
    scenario: spoiltBy(indexCleared, ['front-channel', 'sign-in', 'front-channel'], { passing: [5_000] }),
  },
  { bug: 'old tokens carried over a 404', scenario: spoiltBy(tokensOverGone, ['refresh', 'front-channel']) },
  {
    bug: 'a refresh that writes back when any session stands, not its own',
    scenario: spoiltBy(anySessionWillDo, ['refresh', 'front-channel of the session']),
  },
  {
    bug: 'no account tombstone for doors without sid',
    scenario: spoiltBy(noTombstone, ['sign-in without sid', 'own sign-out'], { standing: NO_SID }),
  },
  {
    bug: 'a sweep that takes a young index row',
    byLot: true,
    scenario: spoiltBy(youngTaken, ['sweep', 'sign-in', 'front-channel'], { standing: STANDING.slice(1) }),
  },
  { bug: 'a renewal that shortens expiresOn', scenario: spoiltBy(renewalShortens, ['renewal', 'sign-in']) },
  {
    bug: 'a self-made tombstone when the callback ends the browser’s earlier session',
    scenario: spoiltBy(selfMadeTombstone, ['sign-in instead', 'renewal']),
  },
  { bug: 'a dead cookie that ends the living account', scenario: deadCookie() },
  { bug: 'a late retry that ends what began after it', scenario: retryAsOfNow() },
  {
    bug: 'token from memory without the session read',
    scenario: scenario(['renewal', 'front-channel'], atOnce(notRead)),
  },
  {
    bug: 'delete without re-read on 412',
    scenario: scenario(['late retry', 'sign-in'], { ...atOnce(deleteAnyway), standing: STANDING.slice(0, 1) }),
  },
  { bug: 'no lease', scenario: spoiltBy(noLease, ['refresh', 'refresh']) },
  { bug: 'a browser’s earlier session left behind at its next sign-in', scenario: earlierLeftBehind() },
];

export const PLANTED_BUGS = LIST.map((planted): PlantedBug => {
  return { ...planted, scenario: { ...planted.scenario, name: `planted: ${planted.bug}` } };
});
