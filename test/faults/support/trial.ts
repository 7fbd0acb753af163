import { setTimeout as passed } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Answer } from '../../http/support/wire.ts';
import type { Caller, Door } from './doors/door.ts';
import type { Fault } from './faults.ts';
import type { Ground } from './ground.ts';
import type { Fate } from './storage-proxy.ts';
import { type StorageRequest, titleOf } from './storage-request.ts';

/** One of an operation's storage calls: the `nth`, from 0, with this title. */
export interface StorageCall {
  readonly title: string;
  readonly nth: number;
}

/** So often an operation is looked at, to learn what it asks of storage. */
const LOOKS_MAX = 6;

/** Decides for the requests of one caller; whoever else is under way at the same time goes undisturbed. */
type Meet = (request: StorageRequest) => Fate | undefined;
type During = <T>(marks: readonly string[], meet: Meet, work: () => Promise<T>) => Promise<T>;

/** Takes over the decisions of a proxy, for as many callers at once as there are. */
export function disturber({ proxy }: Pick<Ground, 'proxy'>): During {
  const callers = new Map<readonly string[], Meet>();
  proxy.decide = (request) => {
    for (const [marks, meet] of callers) if (marks.some((mark) => request.text.includes(mark))) return meet(request);
    return undefined;
  };
  return async (marks, meet, work) => {
    callers.set(marks, meet);
    try {
      return await work();
    } finally {
      callers.delete(marks);
    }
  };
}

/** Counts the requests of each title. */
function numbered(): (request: StorageRequest) => StorageCall {
  const seen = new Map<string, number>();
  return (request) => {
    const title = titleOf(request);
    const nth = seen.get(title) ?? 0;
    seen.set(title, nth + 1);
    return { title, nth };
  };
}

/** Gives one storage call its fate, or that one and all of its title that follow; and tells whether it came to that. */
export function meets({ title, nth }: StorageCall, fate: Fate, lasts = false): { meet: Meet; hasMet(): boolean } {
  const number = numbered();
  let met = false;
  return {
    meet(request) {
      const call = number(request);
      if (call.title !== title || (lasts ? call.nth < nth : call.nth !== nth)) return undefined;
      met = true;
      return fate;
    },
    hasMet: () => met,
  };
}

/** Acts, and waits for what goes on behind the answer: until it has got so far, and then until it rests. */
export async function goThrough({ act, atRest }: Caller, soFar: () => boolean): Promise<Answer> {
  const answer = await act();
  await atRest?.(soFar);
  return answer;
}

/**
 * The storage calls of a door's operation when nothing disturbs it. A machine with much else to do disturbs too, so that a
 * call is made again here and there: they are what two looks in a row agree on.
 */
export async function callsOf(ground: Ground, during: During, door: Door): Promise<readonly StorageCall[]> {
  let before = await lookAtCalls(ground, during, door);
  for (let looks = 2; looks <= LOOKS_MAX; looks += 1) {
    const calls = await lookAtCalls(ground, during, door);
    if (isDeepStrictEqual(calls.map(nameOf).toSorted(), before.map(nameOf).toSorted())) return calls;
    before = calls;
  }
  throw new Error(`${door.name}: ${LOOKS_MAX} looks, and no two in a row saw the same calls`);
}

/** For the message of a test that fails. */
export const nameOf = ({ title, nth }: StorageCall): string => `${title} (${nth})`;

async function lookAtCalls(ground: Ground, during: During, door: Door): Promise<readonly StorageCall[]> {
  const caller = await door.approach(ground);
  const number = numbered();
  const calls: StorageCall[] = [];
  const note = (request: StorageRequest) => void calls.push(number(request));
  const answer = await during(caller.marks, note, () => goThrough(caller, () => true));
  const doubts = await doubtsOf(caller, answer);
  if (!caller.isDone(answer) || doubts.length > 0) throw new Error(`undisturbed: ${answer.status} ${doubts.join()}`);
  return calls;
}

/**
 * Has one storage call of a door's operation meet a fault.
 *
 * @param withinMilliseconds longer than the answer may take
 * @returns what is not as it should be, in sentences that name the call; nothing where all is
 */
export async function disturb(
  ground: Ground,
  during: During,
  door: Door,
  call: StorageCall,
  fault: Fault,
  withinMilliseconds: number,
): Promise<readonly string[]> {
  const about = `${nameOf(call)}: `;
  const caller = await door.approach(ground);
  const meeting = meets(call, fault.fate, fault.lasts);
  const answer = await during(caller.marks, meeting.meet, async () => {
    const given = await Promise.race([caller.act(), overdue(withinMilliseconds)]);
    await caller.atRest?.(meeting.hasMet);
    return given;
  });
  if (answer === null) return [`${about}no answer within ${withinMilliseconds} ms`];
  const doubts = [...(await doubtsOf(caller, answer))];
  if (!meeting.hasMet()) doubts.push('the fault met nothing');
  if (fault.harmless && !caller.isDone(answer)) doubts.push(`answered ${answer.status} after a fault that passed`);
  return doubts.map((doubt) => about + doubt);
}

async function doubtsOf(caller: Caller, answer: Answer): Promise<readonly string[]> {
  try {
    return await (caller.isDone(answer) ? caller.doubtsOfSuccess(answer) : caller.doubtsOfRefusal(answer));
  } catch (error) {
    return [String(error)];
  }
}

async function overdue(milliseconds: number): Promise<null> {
  await passed(milliseconds, undefined, { ref: false });
  return null;
}

/** Does all of `work`, so many at a time, each as soon as its turn comes. */
export function inTurns<T>(atOnce: number): (work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running === atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
