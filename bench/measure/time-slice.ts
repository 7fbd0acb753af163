import { type Load, sendLoad } from '../load/load.ts';
import type { Subject } from '../subjects/subjects.ts';
import type { Slice } from './figures.ts';

/** One subject under load for a while, and what its process used meanwhile. */
export async function timeSlice(subject: Subject, load: Load): Promise<Slice> {
  let [cpuAtBegin, cpuAtEnd, residentBytes] = [0, 0, 0];
  const sent = await sendLoad(subject, load, {
    async begin() {
      ({ cpuMicroseconds: cpuAtBegin } = await subject.usage());
    },
    async end() {
      ({ cpuMicroseconds: cpuAtEnd, residentBytes } = await subject.usage());
    },
  });
  return { ...sent, cpuMilliseconds: (cpuAtEnd - cpuAtBegin) / 1_000, residentBytes };
}
