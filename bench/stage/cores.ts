import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Which cores run what: the server under test has one to itself. Null where the system does not let us choose. */
export interface Cores {
  readonly tested: string;
  readonly others: string;
}

/** Moves this process, and all that it will start, off the core that is kept for the server under test. */
export function divideCores(): Cores | null {
  const count = availableParallelism();
  if (process.platform !== 'linux' || count < 2) return null;
  const cores = { tested: '0', others: count === 2 ? '1' : `1-${count - 1}` };
  return pin(process.pid, cores.others) ? cores : null;
}

/** Binds all threads of a process to some cores. @see taskset(1), of util-linux */
export function pin(pid: number, cores: string): boolean {
  return spawnSync('taskset', ['--all-tasks', '--pid', '--cpu-list', cores, String(pid)]).status === 0;
}
