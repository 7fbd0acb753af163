import { setTimeout as passed } from 'node:timers/promises';
import { type Fate, pass, type Reply } from './storage-proxy.ts';

const DELAY_MILLISECONDS = 300;
const JSON_TYPE = { 'content-type': 'application/json;odata=minimalmetadata' };

/** What the service says when it refuses: its code is in the body. */
function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Reply {
  const body = JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: 'in words' } } });
  return { status, headers: { ...JSON_TYPE, ...headers }, body: Buffer.from(body) };
}

export interface Fault {
  readonly name: string;
  readonly fate: Fate;
  /** Whether every repetition of the call meets it too, or only the first. */
  readonly lasts: boolean;
  /** Which requests it can befall. */
  readonly befalls: 'all' | 'answers-with-a-body';
  /** Whether storage does what it is asked, and the application does not hear of it. */
  readonly takesEffect: boolean;
  /** Whether the application gets over it, so that whoever called is told of a success. */
  readonly harmless: boolean;
}

const refuse =
  (...answer: Parameters<typeof refusal>): Fate =>
  ({ reply }) =>
    reply(refusal(...answer));

const late: Fate = async (exchange) => {
  await passed(DELAY_MILLISECONDS);
  await pass(exchange);
};
const reset: Fate = (exchange) => exchange.reset();
const lost: Fate = async ({ forward, reset }) => {
  await forward();
  reset();
};
const denied: Fate = async ({ forward, reply }) => {
  await forward();
  reply(refusal(500, 'InternalError'));
};
const cutOff: Fate = async (exchange) => exchange.cutOff(await exchange.forward());
const cutShort: Fate = async ({ forward, reply }) => {
  const answer = await forward();
  reply({ ...answer, body: answer.body.subarray(0, answer.body.length / 2) });
};
const unanswered: Fate = () => {};
const doneUnanswered: Fate = async ({ forward }) => {
  await forward();
};

type Kind = Omit<Fault, 'name' | 'fate'>;
const refused: Kind = { lasts: false, befalls: 'all', takesEffect: false, harmless: true };
const unheard: Kind = { ...refused, takesEffect: true };
const silent: Kind = { ...refused, harmless: false };
const busy = { 'retry-after': '1' };
/** Longer than any call may take. */
const closed = { 'retry-after': '30' };

/** All that may happen to one request. */
export const FAULTS: readonly Fault[] = [
  { name: 'a late answer', fate: late, ...refused },
  { name: '500', fate: refuse(500, 'InternalError'), ...refused },
  { name: '503', fate: refuse(503, 'ServerBusy'), ...refused },
  { name: '429 with Retry-After', fate: refuse(429, 'TooManyRequests', busy), ...refused },
  { name: 'a reset before the effect', fate: reset, ...refused },
  { name: 'a reset after the effect', fate: lost, ...unheard },
  { name: '500 after the effect', fate: denied, ...unheard },
  { name: 'an answer that is cut off', fate: cutOff, ...unheard },
  { name: 'a body that is cut short', fate: cutShort, ...refused, befalls: 'answers-with-a-body' },
  { name: 'no answer', fate: unanswered, ...silent },
  { name: 'no answer after the effect', fate: doneUnanswered, ...silent, takesEffect: true },
  { name: '503 with a Retry-After past the deadline', fate: refuse(503, 'ServerBusy', closed), ...silent },
  { name: '503 that lasts', fate: refuse(503, 'ServerBusy'), ...silent, lasts: true },
  { name: 'resets before the effect that last', fate: reset, ...silent, lasts: true },
  { name: 'resets after the effect that last', fate: lost, ...silent, lasts: true, takesEffect: true },
];
