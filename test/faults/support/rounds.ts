import { setTimeout as passed } from 'node:timers/promises';
import { type Fate, type Passed, pass } from './storage-proxy.ts';

const LINGERING_MILLISECONDS = 100;

/** Lets a request pass slowly, so that two that are not waiting for each other are seen to overlap. */
export const linger: Fate = async (exchange) => {
  await passed(LINGERING_MILLISECONDS);
  await pass(exchange);
};

/**
 * How many round trips one after the other a caller waited for: the longest chain in which each request set out after the
 * one before had its answer.
 */
export function rounds(requests: readonly Pick<Passed, 'beganAt' | 'endedAt'>[]): number {
  let chain = 0;
  let ends = Number.NEGATIVE_INFINITY;
  // The request that ends first is the best link: what could follow another can follow it.
  for (const { beganAt, endedAt } of requests.toSorted((a, b) => a.endedAt - b.endedAt)) {
    if (beganAt < ends) continue;
    chain += 1;
    ends = endedAt;
  }
  return chain;
}
