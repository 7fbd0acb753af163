import type { Figures, Measure } from './figures.ts';
import { type Spread, spreadOf } from './percentiles.ts';

/** One round: each subject's slice, taken one after the other within seconds, so that a busy machine slows all alike. */
export type Round = Readonly<Record<string, Figures>>;

/** What is compared: a subject, or subjects added up and taken off each other. */
export type Term = (round: Round, measure: Measure) => number;

export const of =
  (subject: string): Term =>
  (round, measure) => {
    const figures = round[subject];
    if (figures === undefined) throw new Error(`${subject} was not measured`);
    return figures[measure];
  };

/** Exeunt less the host that it runs in: less than it costs in any process that serves HTTP. */
export const OWN_SHARE: Term = (round, measure) => of('exeunt')(round, measure) - of('host-nothing')(round, measure);

/** The same as if it were served by `node:http`, as the floor is: what the floor is compared with. */
export const ON_NODE_HTTP: Term = (round, measure) => OWN_SHARE(round, measure) + of('bare-http')(round, measure);

/** The ratio of two terms in each round, and what the rounds come to: what slows a whole round falls out. */
export function pairedRatio(rounds: readonly Round[], measure: Measure, above: Term, below: Term): Spread {
  return spreadOf(rounds.map((round) => above(round, measure) / below(round, measure)));
}
