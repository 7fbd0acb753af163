import { GivenUp } from './given-up.ts';

/** Well within the 230 s after which Azure's front end cuts off a request that has no answer, and says nothing of why. */
const ANSWER_MILLISECONDS_MAX = 200_000;
/** Well within the 30 minutes that a function may run. An event source opens a new one by itself. */
export const CALL_MILLISECONDS_MAX = 25 * 60_000;

export interface PatienceOptions {
  /** How long the API may take nothing of the request, and then keep silent, in milliseconds. */
  readonly silenceMilliseconds: number;
  /** Nobody waits any more. */
  readonly gone: AbortSignal;
  /** How long an answer may take to begin, where that is less than the platform gives. */
  readonly answerMilliseconds?: number | undefined;
  /** For tests: how long a call may take in all. */
  readonly callMilliseconds?: number;
}

/** How long one call is waited for, as soon as it has been said whose turn it is. */
export interface Patience {
  /** A piece of the request, or all of it, is on its way: now it is the API's turn, to take more or to answer. */
  awaitApi(): void;
  /** The API has taken that, and asks for more. */
  awaitCaller(): void;
  /** The answer has begun. */
  answered(): void;
  /** The call is over. */
  end(): void;
}

/**
 * One timer a call, set for whichever end comes first: one that has moved on meanwhile is only looked at again.
 *
 * @param giveUp told once, or a few times, why the call is to end
 */
export function createPatience(options: PatienceOptions, giveUp: (reason: GivenUp) => void): Patience {
  const { silenceMilliseconds, gone, answerMilliseconds = ANSWER_MILLISECONDS_MAX } = options;
  const began = performance.now();
  const callBy = began + (options.callMilliseconds ?? CALL_MILLISECONDS_MAX);
  let answerBy = began + Math.min(answerMilliseconds, ANSWER_MILLISECONDS_MAX);
  let silentBy = Number.POSITIVE_INFINITY;
  let isApisTurn = false;
  let lookAt = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const watch = (now: number): void => {
    const next = Math.min(callBy, answerBy, silentBy);
    if (next >= lookAt) return;
    clearTimeout(timer);
    lookAt = next;
    timer = setTimeout(look, Math.ceil(next - now)).unref();
  };
  const look = (): void => {
    const now = performance.now();
    lookAt = Number.POSITIVE_INFINITY;
    if (now >= callBy) giveUp(new GivenUp('timeout', 'call'));
    else if (now >= silentBy) giveUp(new GivenUp('timeout', 'silence'));
    // Who does not get its body over in all that time is not kept waiting by the API.
    else if (now >= answerBy) giveUp(new GivenUp(isApisTurn ? 'timeout' : 'client-gone', 'answer'));
    else watch(now);
  };
  const leave = (): void => giveUp(new GivenUp('client-gone', 'gone'));
  if (gone.aborted) leave();
  else gone.addEventListener('abort', leave);
  return {
    awaitApi() {
      isApisTurn = true;
      const now = performance.now();
      // An API may answer before it has read all of the request: then it is not silent.
      if (answerBy !== Number.POSITIVE_INFINITY) silentBy = now + silenceMilliseconds;
      watch(now);
    },
    awaitCaller() {
      isApisTurn = false;
      silentBy = Number.POSITIVE_INFINITY;
      watch(performance.now());
    },
    answered() {
      answerBy = Number.POSITIVE_INFINITY;
      silentBy = Number.POSITIVE_INFINITY;
    },
    end() {
      clearTimeout(timer);
      // Nothing comes before it: an upload that outlives its answer sets no timer any more.
      lookAt = Number.NEGATIVE_INFINITY;
      gone.removeEventListener('abort', leave);
    },
  };
}
