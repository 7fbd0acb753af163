import type { Application } from '../../shared/application/application.ts';
import { callApi } from '../../shared/gateway/call-api.ts';
import type { Upstream } from '../../shared/gateway/upstream.ts';
import { NO_HINTS } from '../../shared/oidc/authorization-url.ts';
import type { SessionTicket } from '../../shared/session/ticket.ts';
import { beginSignin } from '../../shared/signin/begin.ts';
import { finishSignin } from '../../shared/signin/finish.ts';
import type { LocalPath } from '../../shared/signin/return-to.ts';
import { signOutFrontChannel } from '../../shared/signout/front-channel.ts';
import { leave } from '../../shared/signout/leave.ts';
import { sweep } from '../../shared/sweep/sweep.ts';
import { seededRandom } from '../../test/races/random.ts';
import { createTestAmbient } from '../../test/support/ambient.ts';
import { OP_METADATA } from '../../test/support/application.ts';
import { downstreamApi } from '../../test/support/downstream-api.ts';
import { HOUR, MINUTE } from '../../test/support/records.ts';
import type { Behaviour } from './behaviour.ts';
import { SESSION_ABSOLUTE_MINUTES, setStage } from './simulated-application.ts';
import { sizeOf } from './size.ts';
import { Tally } from './tally.ts';

const DAY = 24 * HOUR;
const SWEEP_EVERY_MINUTES = 30;
const API = downstreamApi();

export interface Simulated {
  readonly tally: Tally;
  /** What lay in all tables at most, at all places. */
  readonly bytesMax: number;
  readonly rowsMax: number;
  /** Rows that are left when all has run out, but for a cursor a place: a sweep that forgets any would let them grow for ever. */
  readonly rowsLeft: number;
  /** Calls that found nobody signed in who was, and calls that found somebody who had signed out. */
  readonly lost: number;
  readonly kept: number;
}

/** What is simulated. Everything that is by lot is drawn from the seed. */
export interface Days {
  readonly behaviour: Behaviour;
  readonly accounts: number;
  readonly days: number;
  readonly seed?: number;
  /** Names of the storage accounts that share the accounts out. */
  readonly places?: readonly string[];
  /** Those to which the application moves on the second day. */
  readonly movesTo?: readonly string[];
}

interface Event {
  readonly at: number;
  readonly happens: () => Promise<void>;
}

/**
 * Lives through days of an application, by its own code over storage in memory: people sign in, call an API, sign out or do not, and the
 * timer sweeps. Then until all has run out.
 */
export async function simulate(given: Days): Promise<Simulated> {
  const { behaviour, accounts, days, seed = 1 } = given;
  const ambient = createTestAmbient();
  const random = seededRandom(seed);
  const tally = new Tally();
  const begin = ambient.now();
  const stage = await setStage(given, ambient, tally);
  let [lost, kept] = [0, 0];
  const signedOutAt = new Map<number, number>();
  const events: Event[] = [];
  const later = (at: number, happens: () => Promise<void>): void => void events.push({ at: Math.round(at), happens });

  function planSession(account: number, at: number): void {
    const sid = `sid-${account}-${at}`;
    const [ends, endsBy] = [at + behaviour.hoursInUse * HOUR, random()];
    let ticket: SessionTicket | null = null;
    later(at, async () => {
      tally.begin('sign-in');
      Object.assign(stage.person, { homeAccountId: `person-${account}.contoso`, sid });
      ticket = await signInTo(stage.application);
    });
    for (let call = 0; call < behaviour.callsASession; call += 1) {
      later(at + MINUTE + ((ends - at - 2 * MINUTE) * (call + random())) / behaviour.callsASession, async () => {
        tally.begin('call');
        const stands = ticket !== null && (await callOnce(stage.application, ticket));
        // A sign-out ends the account on every device.
        const mayStand = (signedOutAt.get(account) ?? 0) < Math.round(at);
        if (mayStand && !stands) lost += 1;
        if (stands && !mayStand) kept += 1;
      });
    }
    if (endsBy >= behaviour.ownSignOuts + behaviour.signOutsByOp) return;
    later(ends, async () => {
      if (ticket === null || (signedOutAt.get(account) ?? 0) > at) return;
      tally.begin('sign-out');
      signedOutAt.set(account, ambient.now());
      if (endsBy < behaviour.ownSignOuts) await leave(stage.application, ticket, ambient.now());
      else await signOutFrontChannel(stage.application, OP_METADATA, sid, ambient.now());
    });
  }

  for (let account = 0; account < accounts; account += 1) {
    for (let day = 0; day < days; day += 1) {
      for (let left = behaviour.signInsADay; left > 0 && (left >= 1 || random() < left); left -= 1) {
        planSession(account, begin + day * DAY + random() * DAY);
      }
    }
  }
  let [bytesMax, rowsMax] = [0, 0];
  const end = begin + days * DAY + SESSION_ABSOLUTE_MINUTES * MINUTE + 3 * HOUR;
  for (let at = begin; at < end; at += SWEEP_EVERY_MINUTES * MINUTE) {
    later(at, async () => {
      const { bytes, rows } = sizeOf(stage.stored);
      [bytesMax, rowsMax] = [Math.max(bytesMax, bytes), Math.max(rowsMax, rows)];
      tally.activity = 'sweep';
      await sweep(stage.application.store);
    });
  }
  for (const { after, step } of stage.steps) later(begin + after, async () => step());
  for (const { at, happens } of events.toSorted((a, b) => a.at - b.at)) {
    ambient.advance(Math.max(0, at - ambient.now()));
    await happens();
  }
  tally.set('sweep', stage.swept());
  return { tally, bytesMax, rowsMax, rowsLeft: sizeOf(stage.stored).rows - stage.stored.length, lost, kept };
}

async function signInTo(application: Application): Promise<SessionTicket> {
  const begun = await beginSignin(application, new Map(), { returnTo: '/' as LocalPath, hints: NO_HINTS });
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  const cookies = new Map(begun.cookies.map(({ name, value }) => [name, value]));
  const state = new URL(begun.location).searchParams.get('state') ?? '';
  const parameters = { state, code: 'code', error: null, iss: null, sessionState: null };
  const finished = await finishSignin(application, cookies, parameters, 'Firefox on Linux');
  if (finished.outcome !== 'signed-in') throw new Error(JSON.stringify(finished));
  return finished.ticket;
}

const upstream: Upstream = async () => {
  async function* nothing(): AsyncIterable<Uint8Array> {}
  return { outcome: 'answered', status: 200, headers: {}, body: nothing(), discard: () => {} };
};

async function callOnce(application: Application, ticket: SessionTicket): Promise<boolean> {
  const gone = new AbortController().signal;
  const call = { method: 'GET', rawPath: '/me', search: '', headers: new Headers(), body: null, gone };
  const answer = await callApi(application, upstream, () => {}, API, ticket, call);
  return answer.outcome === 'answered';
}
