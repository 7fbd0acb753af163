/**
 * Loaded into every process under test before it: tells over the channel to the bench what the process has used so far, and
 * profiles it when asked to. Does nothing by itself.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { heapBytes } from '../memory/heap.ts';

export type Question =
  | { readonly ask: 'usage' }
  | { readonly ask: 'heap' }
  | { readonly ask: 'profile' }
  | { readonly ask: 'profiled'; readonly file: string };

export interface Usage {
  /** User and system time of all threads, in microseconds. */
  readonly cpuMicroseconds: number;
  readonly residentBytes: number;
}

const SAMPLE_MICROSECONDS = 200;
let session: Session | undefined;

async function answer(question: Question): Promise<Usage | number | 'done'> {
  switch (question.ask) {
    case 'usage': {
      const { user, system } = process.cpuUsage();
      return { cpuMicroseconds: user + system, residentBytes: process.memoryUsage.rss() };
    }
    case 'heap':
      return heapBytes();
    case 'profile':
      session = new Session();
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
      await session.post('Profiler.start');
      return 'done';
    case 'profiled': {
      const stopped = await session?.post('Profiler.stop');
      session?.disconnect();
      writeFileSync(question.file, JSON.stringify(stopped?.profile));
      return 'done';
    }
  }
}

process.on('message', (question: Question) => void answer(question).then((told) => process.send?.(told)));
// The bench has died without a word.
process.on('disconnect', () => process.exit());
process.channel?.unref();
