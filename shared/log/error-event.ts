import type { LogEvent } from './log.ts';

/** What is logged of something thrown, a bug: its kind and where it came from. A message may quote what the request carried; the frames under it do not. */
export function errorEvent(thrown: unknown): LogEvent {
  const { name, stack = '' } = thrown instanceof Error ? thrown : new Error('not an error');
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return { event: 'error', name, stack: frames.join('\n') };
}
