import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** What a process prints, for whoever waits for a line of it. */
export interface PrintedLines {
  /** All so far, in order of arrival. */
  readonly lines: string[];
  /** Resolves with the first line, already printed or still to come, that the pattern takes. */
  line(pattern: RegExp): Promise<string>;
  /** The same, of lines still to come alone. */
  next(pattern: RegExp): Promise<string>;
}

/** @param onLine called with each line, and with the output that it is of */
export function readPrinted(
  outputs: readonly Readable[],
  onLine?: (line: string, output: Readable) => void,
): PrintedLines {
  const lines: string[] = [];
  const waiting: { readonly pattern: RegExp; readonly resolve: (line: string) => void }[] = [];
  for (const output of outputs) {
    createInterface({ input: output }).on('line', (line) => {
      lines.push(line);
      onLine?.(line, output);
      for (const { pattern, resolve } of waiting) if (pattern.test(line)) resolve(line);
    });
  }
  const next = (pattern: RegExp) => new Promise<string>((resolve) => waiting.push({ pattern, resolve }));
  return {
    lines,
    next,
    line: async (pattern) => lines.find((line) => pattern.test(line)) ?? next(pattern),
  };
}
