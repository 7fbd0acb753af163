import type { Ambient } from '../ambient/ambient.ts';
import type { DownstreamApi } from '../settings/settings.ts';
import type { CallToken, CallTokens, Refused } from './calling.ts';
import { claimsChallenge } from './claims-challenge.ts';
import { requestHeaders } from './headers.ts';
import { keepBody } from './replay.ts';
import type { Upstream, UpstreamAnswer, UpstreamCall, UpstreamFailure } from './upstream.ts';

/** From the call to the first byte of its answer, whatever it has to wait for: well within the 230 s of Azure's front end. */
export const ANSWER_MILLISECONDS_MAX = 200_000;
/** After an API has refused a token: with another, and with one that has the claims which it then asks for. */
const REPEATS_MAX = 2;

/** One call, checked, and where it goes. */
export interface Sending extends Pick<UpstreamCall, 'method' | 'url' | 'body' | 'gone'> {
  readonly upstream: Upstream;
  readonly api: DownstreamApi;
  readonly headers: Pick<Headers, 'get'>;
  readonly ambient: Pick<Ambient, 'monotonic'>;
  /** By the monotonic clock: when the answer has to have begun. */
  readonly answerBy: number;
}

/**
 * Sends a call, and once more with another token where the API takes the first no longer (401), if what was sent can be sent
 * again. What it answers then stands. All of it within one time: whatever was waited for before is gone from it.
 */
export async function send(
  sending: Sending,
  tokens: CallTokens,
  first: string | null,
): Promise<UpstreamAnswer | UpstreamFailure | Refused> {
  const body = sending.body && keepBody(sending.body);
  const sendWith = (token: string | null) => sendOnce(sending, body?.read() ?? null, token);
  try {
    let token = first;
    let answer = await sendWith(token);
    for (let repeats = 0; answer.outcome === 'answered' && token !== null; repeats += 1) {
      if (answer.status !== 401) {
        tokens.accepted(token);
        return answer;
      }
      const wwwAuthenticate = answer.headers['www-authenticate'];
      const challenge = claimsChallenge(wwwAuthenticate);
      const unproved = challenge === null ? tokens.unproved(wwwAuthenticate) : null;
      if (unproved !== null) {
        answer.discard();
        return unproved;
      }
      const next: CallToken | 'stands' = await tokens.another(token, challenge, repeats < REPEATS_MAX);
      if (next === 'stands') return answer;
      answer.discard();
      if (next.outcome === 'refused') return next;
      if (body !== null && !body.isWhole()) return { outcome: 'refused', code: 'call_not_repeated', reason: 'body' };
      token = next.token;
      answer = await sendWith(token);
    }
    return answer;
  } finally {
    body?.release();
  }
}

async function sendOnce(
  { upstream, api, headers, ambient, answerBy, method, url, gone }: Sending,
  body: UpstreamCall['body'],
  token: string | null,
): Promise<UpstreamAnswer | UpstreamFailure> {
  const answerMilliseconds = answerBy - ambient.monotonic();
  if (answerMilliseconds <= 0) return { outcome: 'timeout', reason: 'before-sent' };
  const silenceMilliseconds = api.timeoutSeconds * 1_000;
  const limits = { silenceMilliseconds, requestBytesMax: api.requestBytesMax, answerMilliseconds };
  return upstream({ method, url, headers: requestHeaders(headers, token, api), body, limits, gone });
}
