import { type Fate, pass } from './storage-proxy.ts';

type Happen = () => Promise<unknown>;
/** Makes a storage call's fate of something else that happens while it is under way. */
export type Overtake = (happen: Happen) => Fate;

/** Answers a read with what stood before something else happened. */
export const stale: Overtake = (happen) => async (exchange) => {
  const old = await exchange.forward();
  await happen();
  exchange.reply(old);
};

/** Lets something else happen before a write takes place. */
export const late: Overtake = (happen) => async (exchange) => {
  await happen();
  await pass(exchange);
};
