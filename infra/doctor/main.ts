/** `npm run doctor -- https://app…`: asks a deployed application and its OP what is misconfigured. See `npm run doctor -- --help`. */
import { setTimeout as pause } from 'node:timers/promises';
import { runCommand } from '../../local/command-line.ts';
import { createAsk } from './ask.ts';
import { examine } from './examine.ts';
import { type DoctorOptions, HELP, parseOptions } from './options.ts';
import { asJson, exitCodeOf, tell } from './tell.ts';
import { watch } from './watch.ts';

await runCommand(parseOptions(process.argv.slice(2)), HELP, run);

async function run(options: DoctorOptions): Promise<number> {
  const { origin, everySeconds, json } = options;
  const leaving = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => leaving.abort());
  // Nobody reads on, so that there is nobody to look for.
  process.stdout.once('error', () => leaving.abort());
  const look = () => examine(createAsk(leaving.signal), options);
  if (everySeconds === null) {
    const diagnosis = await look();
    // What was broken off says nothing of the application.
    if (leaving.signal.aborted) return 2;
    console.log(json ? asJson(origin, diagnosis) : tell(origin, diagnosis).join('\n'));
    return exitCodeOf(diagnosis);
  }
  const last = await watch({
    origin,
    json,
    look,
    pause: () => pause(everySeconds * 1_000, undefined, { signal: leaving.signal }).catch(() => undefined),
    isOver: () => leaving.signal.aborted,
    print: (line) => console.log(line),
  });
  return exitCodeOf(last);
}
