import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Load } from '../load/load.ts';
import type { Options } from '../options.ts';
import type { Subject } from '../subjects/subjects.ts';
import { type Figures, figuresOf } from './figures.ts';
import type { Round } from './paired.ts';
import { timeSlice } from './time-slice.ts';

/** Times all subjects in turns, A B C A B C: what slows the machine for a while slows a whole round. */
export async function timeRounds(
  subjects: readonly Subject[],
  load: Load,
  { rounds: count, profile }: Pick<Options, 'rounds' | 'profile'>,
): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let round = 0; round < count; round += 1) {
    const figures: Record<string, Figures> = {};
    for (const subject of subjects) figures[subject.name] = figuresOf(await timeSlice(subject, load));
    rounds.push(figures);
  }
  const profiled = subjects.find(({ name }) => name === profile?.subject);
  if (profile && profiled) await profileSlice(profiled, load, profile.folder);
  return rounds;
}

/** One more slice, whose figures do not count: being watched costs. */
async function profileSlice(subject: Subject, load: Load, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await subject.beginProfile();
  await timeSlice(subject, load);
  await subject.endProfile(join(folder, `${subject.name}-concurrency-${load.concurrency}.cpuprofile`));
}
