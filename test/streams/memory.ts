import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const KIBIBYTE = 1024;

/** Whether a process's memory can be read here: on Linux. */
export const canMeasure = existsSync('/proc/self/clear_refs');

/** Resident memory of a process, watched by the kernel, so that no peak is missed. */
export interface MemoryWatch {
  /** How far its peak since then is above where it was, in bytes. */
  grown(): number;
}

/** @see proc_pid_clear_refs(5): 5 sets the peak back to what is resident now */
export function watchMemory(pid: number): MemoryWatch {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = read(pid, 'VmRSS');
  return { grown: () => read(pid, 'VmHWM') - before };
}

/** @see proc_pid_status(5) */
function read(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const [, kibibytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * KIBIBYTE;
}
