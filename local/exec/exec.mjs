#!/usr/bin/env node
// In npm scripts `exec node …` puts Node in the shell's place, so that a signal to npm reaches it. Windows' shell has no
// `exec` and no such signals: there this runs the command as it stands.
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
