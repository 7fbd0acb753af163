import { ACTIVITIES, type Activity } from './behaviour.ts';
import type { Measured } from './model.ts';
import type { Simulated } from './simulate.ts';
import type { Call, Tally } from './tally.ts';

/** What a run of the sweep costs whatever is due: its cursor, and a list of each hour. */
const OF_A_RUN: readonly Call[] = ['expiries.read', 'expiries.list', 'expiries.merge', 'expiries.create'];

/** What the model goes by, of what was simulated. */
export function measuredOf({ tally, bytesMax, rowsMax }: Simulated, accounts: number): Measured {
  const calls = Object.fromEntries(ACTIVITIES.map((activity) => [activity, callsOf(tally, activity)]));
  const swept = tally.costOf('sweep');
  const notesASession = swept.get('expiries.remove') ?? 0;
  return {
    calls: calls as Record<Activity, number>,
    expiriesNow: {
      // Its attempt; the note of its session is for an hour to come, into which nobody else writes now.
      'sign-in': (tally.costOf('sign-in').get('expiries.create') ?? 0) / 2,
      'sign-out': tally.costOf('sign-out').get('expiries.create') ?? 0,
    },
    notesASession,
    tripsANote: callsOf(tally, 'sweep') / notesASession,
    bytesAnAccount: bytesMax / accounts,
    rowsAnAccount: rowsMax / accounts,
  };
}

function callsOf(tally: Tally, activity: Activity): number {
  const counted = [...tally.costOf(activity)].filter(([call]) => activity !== 'sweep' || !OF_A_RUN.includes(call));
  return counted.reduce((sum, [, each]) => sum + each, 0);
}
