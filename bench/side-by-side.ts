/** Subjects side by side in one run. See docs/performance.md. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { figuresOf } from './measure/figures.ts';
import { ON_NODE_HTTP, of, pairedRatio, type Round } from './measure/paired.ts';
import { spreadOf } from './measure/percentiles.ts';
import { timeSlice } from './measure/time-slice.ts';
import { readOptions } from './options.ts';
import { divideCores, pin } from './stage/cores.ts';
import { raiseStage } from './stage/stage.ts';
import { type Subject, startSubject } from './subjects/subjects.ts';

const PEOPLE = 50;
const options = readOptions(process.argv.slice(2));
const cores = divideCores();
const stage = await raiseStage(options.resources.map((resources) => ({ people: PEOPLE, resources, devices: 1 })));
const subjects: Subject[] = [];
try {
  for (const name of options.subjects) {
    const subject = await startSubject(stage, name);
    if (cores) pin(subject.pid, cores.tested);
    subjects.push(subject);
    const users = stage.users;
    await timeSlice(subject, { concurrency: 16, seconds: options.warmSeconds, users });
  }
  for (const resources of options.resources) {
    const users = stage.users.filter((user) => user.resources === resources);
    for (const concurrency of options.concurrencies) {
      const rounds: Round[] = [];
      for (let round = 0; round < options.rounds; round += 1) {
        const figures: Record<string, Round[string]> = {};
        for (const subject of subjects) {
          const profiled = options.profile?.subject === subject.name && round === options.rounds - 1;
          if (profiled) await subject.beginProfile();
          figures[subject.name] = figuresOf(
            await timeSlice(subject, { concurrency, seconds: options.sliceSeconds, users }),
          );
          if (profiled && options.profile) {
            mkdirSync(options.profile.folder, { recursive: true });
            await subject.endProfile(join(options.profile.folder, `${subject.name}-c${concurrency}.cpuprofile`));
          }
        }
        rounds.push(figures);
      }
      console.log(`\nresources ${resources}, concurrency ${concurrency}`);
      for (const { name } of subjects) {
        const show = (measure: keyof Round[string]) =>
          spreadOf(rounds.map((round) => of(name)(round, measure)))
            .median.toFixed(3)
            .padStart(9);
        console.log(
          name.padEnd(14),
          `cpu${show('cpu')}  p50${show('p50')}  p99${show('p99')}  rate${show('rate')}  rss${show('residentMebibytes')}`,
        );
      }
      const has = (name: string) => subjects.some((subject) => subject.name === name);
      const pairs = [
        ...(has('exeunt') && has('floor') && has('host-nothing') && has('bare-http')
          ? ([['exeunt on node:http / floor', ON_NODE_HTTP, of('floor')]] as const)
          : []),
        ...(has('usual') && has('floor') ? ([['usual / floor', of('usual'), of('floor')]] as const) : []),
      ];
      for (const [title, above, below] of pairs)
        for (const measure of ['cpu', 'p50'] as const) {
          const { median, least, most } = pairedRatio(rounds, measure, above, below);
          console.log(`${title}: ${measure} ${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`);
        }
    }
  }
} finally {
  for (const subject of subjects) await subject.stop();
  await stage.stop();
}
