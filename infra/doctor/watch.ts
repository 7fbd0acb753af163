import { type Drift, driftOf } from './drift.ts';
import type { Diagnosis, Judged } from './examine.ts';
import { asJson, documentOf, linesOf, tell, timeOf } from './tell.ts';

export interface Watching {
  readonly origin: string;
  readonly json: boolean;
  look(): Promise<Diagnosis>;
  /** Between two looks; rejects or resolves at once when it is over. */
  pause(): Promise<void>;
  isOver(): boolean;
  print(line: string): void;
}

/**
 * Looks again and again: tells all of the first look, then what has changed. While the application cannot be asked it goes on, and
 * says so once.
 *
 * @returns the last look
 */
export async function watch({ origin, json, look, pause, isOver, print }: Watching): Promise<Diagnosis> {
  let last = await look();
  let known: readonly Judged[] | null = null;
  if (!isOver()) print(json ? asJson(origin, last) : tell(origin, last).join('\n'));
  while (!isOver()) {
    if (last.outcome === 'asked') known = last.judged;
    await pause();
    if (isOver()) break;
    const now = await look();
    // What was broken off says nothing of the application.
    if (isOver()) break;
    const drift = driftOf(known, last, now);
    if (drift.kind !== 'nothing') print(json ? driftAsJson(origin, now, drift) : driftLines(now, drift).join('\n'));
    last = now;
  }
  return last;
}

function driftLines(now: Diagnosis, drift: Exclude<Drift, { kind: 'nothing' }>): string[] {
  const time = timeOf(now);
  switch (drift.kind) {
    case 'lost':
      return [`${time} ${tell('', now)[0]}`];
    case 'back':
      return [
        `${time} It can be asked again${drift.changed.length === 0 ? ', and nothing has changed.' : ':'}`,
        ...drift.changed.flatMap(linesOf),
      ];
    case 'changed':
      return [`${time} Changed:`, ...drift.changed.flatMap(linesOf)];
  }
}

function driftAsJson(origin: string, now: Diagnosis, drift: Exclude<Drift, { kind: 'nothing' }>): string {
  const about = { origin, at: timeOf(now), drift: drift.kind };
  if (drift.kind === 'lost')
    return JSON.stringify({ ...about, ...(JSON.parse(asJson(origin, now)) as object), drift: drift.kind });
  return JSON.stringify({ ...about, findings: drift.changed.map(documentOf) });
}
