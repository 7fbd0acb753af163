import { GivenUp } from './given-up.ts';

/** Well within the 230 s after which Azure's front end cuts off a request that has no answer, and says nothing of why. */
const ANSWER_MILLISECONDS_MAX = 200_000;
/** Well within the 30 minutes that a function may run. An event source opens a new one by itself. */
const CALL_MILLISECONDS_MAX = 25 * 60_000;

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

/** How long one call is waited for. Ends it by the signal, with why. */
export interface Patience {
  readonly signal: AbortSignal;
  /** A piece of the request, or all of it, is on its way: now it is the API's turn, to take more or to answer. */
  awaitApi(): void;
  /** The API has taken that, and asks for more. */
  awaitCaller(): void;
  /** The answer has begun. */
  answered(): void;
  /** The call is over. */
  end(): void;
}

export function createPatience({
  silenceMilliseconds,
  gone,
  answerMilliseconds = ANSWER_MILLISECONDS_MAX,
  callMilliseconds = CALL_MILLISECONDS_MAX,
}: PatienceOptions): Patience {
  const controller = new AbortController();
  const leave = () => controller.abort(new GivenUp('client-gone', 'gone'));
  if (gone.aborted) leave();
  else gone.addEventListener('abort', leave);
  const within = (milliseconds: number, givenUp: () => GivenUp) =>
    setTimeout(() => controller.abort(givenUp()), milliseconds).unref();
  let isApisTurn = false;
  let hasBegun = false;
  let silence: NodeJS.Timeout | undefined;
  const call = within(callMilliseconds, () => new GivenUp('timeout', 'call'));
  // Who does not get its body over in all that time is not kept waiting by the API.
  const answer = within(
    Math.min(answerMilliseconds, ANSWER_MILLISECONDS_MAX),
    () => new GivenUp(isApisTurn ? 'timeout' : 'client-gone', 'answer'),
  );
  const awaitCaller = (): void => {
    isApisTurn = false;
    clearTimeout(silence);
  };
  const answered = (): void => {
    hasBegun = true;
    clearTimeout(silence);
    clearTimeout(answer);
  };
  return {
    signal: controller.signal,
    awaitApi() {
      awaitCaller();
      isApisTurn = true;
      // An API may answer before it has read all of the request: then it is not silent.
      if (!hasBegun) silence = within(silenceMilliseconds, () => new GivenUp('timeout', 'silence'));
    },
    awaitCaller,
    answered,
    end() {
      answered();
      clearTimeout(call);
      gone.removeEventListener('abort', leave);
    },
  };
}
