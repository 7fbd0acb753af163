/** One order as a person reads it. */
export function storyOf(seed: string, what: string, story: readonly string[]): string {
  const steps = story.map((step, place) => `${String(place + 1).padStart(4)}. ${step}`);
  return [what, ...steps, `again: node test/races/replay.ts '${seed}'`].join('\n');
}
