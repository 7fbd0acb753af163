import type { Kill } from './fleet.ts';

/** What the kills of one kind of storm met, in a few lines. */
export function reportOf(storm: string, kills: readonly Kill[], violations: readonly string[]): string {
  const withRequests = kills.filter(({ unanswered }) => unanswered.length > 0).length;
  return [
    `${storm} storms: ${kills.length} kills, ${withRequests} with requests that were never answered; violations: ${violations.length}`,
    `  requests never answered: ${tally(kills.flatMap(({ unanswered }) => unanswered))}`,
    `  calls to storage: ${tally(callsTo('tables', kills))}`,
    `  calls to the OP: ${tally(callsTo('op', kills))}`,
  ].join('\n');
}

function callsTo(service: string, kills: readonly Kill[]): string[] {
  return kills.flatMap(({ calls }) => calls.filter((call) => call.service === service).map(({ at }) => at));
}

function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ') || 'none';
}
