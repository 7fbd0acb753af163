/**
 * A function app's cold start in a process of its own, as its worker sees it: what it has loaded of the built bundles and whom
 * it has spoken to, a line of JSON a step.
 *
 *     node test/http/support/cold-start.ts <app root> [step]…
 *
 * The first step is always the import, in which what the app puts off is held back. A step is `idle`, which lets that happen;
 * `mend`, which gives back the bundles that lie beside as `*.away`; or a request's path, with `=` and a cookie behind it or none.
 */

import dns from 'node:dns';
import { readdirSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, Socket } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { createAppServer } from '../../../local/host/app-server.ts';
import { buildFunctionTable } from '../../../local/host/function-table.ts';
import { loadApp } from '../../../local/host/load-app.ts';
import { send } from './wire.ts';

export interface Step {
  readonly step: string;
  /** Of the bundles, their names. */
  readonly loaded: readonly string[];
  /** Names asked for and connections begun, in this step. */
  readonly network: number;
  readonly status?: number;
  readonly body?: string;
}

const [root = '.', ...steps] = process.argv.slice(2);
const { cache } = createRequire(import.meta.url);
let network = 0;
const counted = <F extends (...args: never[]) => unknown>(call: F): F =>
  function (this: unknown, ...args: never[]) {
    network += 1;
    return call.apply(this, args);
  } as F;
Socket.prototype.connect = counted(Socket.prototype.connect);
dns.lookup = counted(dns.lookup) as typeof dns.lookup;

function report(step: string, answer: { readonly status: number; readonly text: string } | null = null): void {
  const bundles = Object.keys(cache).filter((file) => dirname(file) === join(root, 'dist'));
  const loaded = bundles.map((file) => basename(file, '.cjs')).toSorted();
  const told: Step = { step, loaded, network, ...(answer && { status: answer.status, body: answer.text }) };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

const putOff: (() => void)[] = [];
const { setImmediate: later } = globalThis;
globalThis.setImmediate = ((work: () => void) => putOff.push(work)) as unknown as typeof setImmediate;
// The import itself is done when this returns.
const loading = loadApp(root);
globalThis.setImmediate = later;
report('import');

const worker = await loading;
const { routes } = buildFunctionTable(worker.functions, '', process.env);
const { server, isStreaming } = await createAppServer(worker, routes, process.env);
if (!isStreaming) throw new Error('the app does not stream');
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

for (const step of steps) {
  network = 0;
  if (step === 'idle') {
    for (const work of putOff.splice(0)) work();
    // As many turns as there are bundles, and more.
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => later(resolve));
    report(step);
  } else if (step === 'mend') {
    const folder = join(root, 'dist');
    const away = readdirSync(folder).filter((name) => name.endsWith('.away'));
    for (const name of away) renameSync(join(folder, name), join(folder, basename(name, '.away')));
  } else {
    const [path = '', cookie = ''] = step.split(/=(.*)/s);
    const headers = { host: new URL(process.env.PUBLIC_ORIGIN ?? '').host, ...(cookie && { cookie }) };
    report(path, await send(`http://127.0.0.1:${port}${path}`, { headers }));
  }
}
process.exit();
